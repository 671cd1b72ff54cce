import { type RoleCaller, RoleRefusedError, RoleUnreachableError } from '../../../../network/src/role-reader.js';
import type { RunCommand } from '../../command.js';
import { openWindow, printWindow, type WindowWithPositions } from './settlements.js';
import { UnansweredClose } from './unanswered-close.js';

/**
 * Closes a window: the one that is named, or the open one. A window that is closed already is answered as it is. Without
 * a name, and given again after a lost answer, it is about the same window.
 */
export const run: RunCommand<{ window?: string }> = async ({ connection, environment, output }, { window }) => {
  const ledger = connection.centralLedger();
  const unanswered = new UnansweredClose(environment, ledger.address.baseUrl);
  const asked = unanswered.read();
  const again = window === undefined && asked !== undefined ? await closeAgain(ledger, asked, unanswered) : undefined;
  if (again) output.text('The last settle close got no answer. This is the window that was open then:', '');
  const closed = again ?? (await (window === undefined ? closeOpen(ledger, unanswered) : close(ledger, window)));
  printWindow(output, closed);
  return { json: closed };
};

async function closeOpen(ledger: RoleCaller, unanswered: UnansweredClose): Promise<WindowWithPositions> {
  const { id } = await openWindow(ledger);
  unanswered.keep(id);
  return closeKept(ledger, id, unanswered);
}

/** Undefined where the ledger was made anew since, and does not know the window. */
async function closeAgain(
  ledger: RoleCaller,
  id: string,
  unanswered: UnansweredClose,
): Promise<WindowWithPositions | undefined> {
  try {
    return await closeKept(ledger, id, unanswered);
  } catch (error) {
    if (error instanceof RoleRefusedError && error.status === 404) return undefined;
    throw error;
  }
}

async function closeKept(ledger: RoleCaller, id: string, unanswered: UnansweredClose): Promise<WindowWithPositions> {
  try {
    const closed = await close(ledger, id);
    unanswered.forget();
    return closed;
  } catch (error) {
    if (error instanceof RoleUnreachableError) {
      const advice = `whether window ${id} is closed is not known; give the command again, or settle close ${id}`;
      throw new RoleUnreachableError(`${error.message}; ${advice}`);
    }
    if (error instanceof RoleRefusedError && error.status < 500) unanswered.forget();
    throw error;
  }
}

function close(ledger: RoleCaller, id: string): Promise<WindowWithPositions> {
  return ledger.send('POST', `/settlements/${encodeURIComponent(id)}/close`);
}
