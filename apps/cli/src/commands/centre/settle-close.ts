import type { RunCommand } from '../../command.js';
import { openWindow, printWindow, type WindowWithPositions } from './settlements.js';

/** Closes a window: the one that is named, or the open one. A window that is closed already is answered as it is. */
export const run: RunCommand<{ window?: string }> = async ({ connection, output }, { window }) => {
  const ledger = connection.centralLedger();
  const id = window ?? (await openWindow(ledger)).id;
  const closed = await ledger.send<WindowWithPositions>('POST', `/settlements/${encodeURIComponent(id)}/close`);
  printWindow(output, closed);
  return { json: closed };
};
