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
  const confirmations = isOne
    ? [{ account, amount, reference }]
    : outstandingOf(await ledger.read<WindowWithPositions>(path), reference);
  if (confirmations.length === 0) throw new CommandFailedError('NothingOutstanding', 'nothing is outstanding');
  const confirmed = await ledger.send<WindowWithPositions>('POST', `${path}/confirmations`, { confirmations });
  printWindow(output, confirmed);
  return { json: confirmed };
};
