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

/** Most confirmations that a ledger takes at once. */
const AT_ONCE = 500;

interface Movement {
  account: string;
  amount: string;
  reference: string;
}

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
  const ledger = connection.centralLedger();
  const path = `/settlements/${encodeURIComponent(window)}`;
  const before = await ledger.read<WindowWithPositions>(path);
  const confirmations = isOne ? [{ account, amount, reference }] : outstandingOf(before, reference);
  // A command whose answer was lost is given again: the window is what it was to become.
  const isDone = !isOne && before.state === 'settled';
  if (confirmations.length === 0 && !isDone) {
    throw new CommandFailedError('NothingOutstanding', 'nothing is outstanding');
  }
  let confirmed = before;
  for (let from = 0; from < confirmations.length; from += AT_ONCE) {
    const body = { confirmations: confirmations.slice(from, from + AT_ONCE) };
    confirmed = await ledger.send<WindowWithPositions>('POST', `${path}/confirmations`, body);
  }
  printWindow(output, confirmed);
  return { json: confirmed };
};
