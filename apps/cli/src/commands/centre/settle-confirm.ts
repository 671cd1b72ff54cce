import { partsOf } from '@level-one/work';
import { CONFIRMATIONS_MAX } from '@level-one/peers';
import type { RunCommand } from '../../command.js';
import { CommandFailedError, WrongUseError } from '../../exit-codes.js';
import { accountName, printWindow, type WindowWithPositions } from './settlements.js';

interface Options {
  window: string;
  reference: string;
  account?: string;
  amount?: string;
  all?: boolean;
}

interface Movement {
  account: string;
  amount: string;
  reference: string;
}

type Confirm = (confirmations: Movement[]) => Promise<WindowWithPositions>;

function outstandingOf({ positions }: WindowWithPositions, reference: string): Movement[] {
  const movements = positions.map((position) => ({
    account: accountName(position),
    amount: position.outstanding.replace(/^-/, ''),
    reference,
  }));
  return movements.filter(({ amount }) => /[1-9]/.test(amount));
}

/** Books what a bank moved for a window: an amount of one account, or all that is outstanding. */
export const run: RunCommand<Options> = async ({ connection, output }, options) => {
  const { window, reference, account, amount, all } = options;
  const isOne = account !== undefined && amount !== undefined;
  if (isOne === Boolean(all) || (account === undefined) !== (amount === undefined)) {
    throw new WrongUseError('say what the bank moved: --account and --amount, or --all that is outstanding');
  }
  const path = `/settlements/${encodeURIComponent(window)}`;
  const ledger = connection.centralLedger();
  const confirm: Confirm = (confirmations) => ledger.send('POST', `${path}/confirmations`, { confirmations });
  const confirmed = isOne
    ? await confirm([{ account, amount, reference }])
    : await confirmAll(await ledger.read(path), reference, confirm);
  printWindow(output, confirmed);
  return { json: confirmed };
};

/** @throws CommandFailedError if nothing is outstanding */
async function confirmAll(
  window: WindowWithPositions,
  reference: string,
  confirm: Confirm,
): Promise<WindowWithPositions> {
  const movements = outstandingOf(window, reference);
  // A command whose answer was lost is given again: the window is what it was to become.
  if (movements.length === 0 && window.state !== 'settled') {
    throw new CommandFailedError('NothingOutstanding', 'nothing is outstanding');
  }
  let confirmed = window;
  for (const part of partsOf(movements, CONFIRMATIONS_MAX)) confirmed = await confirm(part);
  return confirmed;
}
