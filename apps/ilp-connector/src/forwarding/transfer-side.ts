import { accountNameOf, type WireTransfer } from '@level-one/peers';

export type TransferSide = 'debit' | 'credit';

/**
 * Whether the account pays or receives in a transfer of its ledger; undefined when it does neither. Accounts are told
 * apart by their names, because a ledger may be reached under another host than the one it writes in its URIs.
 */
export function sideOf(transfer: WireTransfer, accountName: string): TransferSide | undefined {
  if (accountNameOf(transfer.debits[0]?.account) === accountName) return 'debit';
  return accountNameOf(transfer.credits[0]?.account) === accountName ? 'credit' : undefined;
}

/** The UUID at the end of a transfer's URI. */
export function idOf(transfer: WireTransfer): string {
  return transfer.id.slice(transfer.id.lastIndexOf('/') + 1).toLowerCase();
}
