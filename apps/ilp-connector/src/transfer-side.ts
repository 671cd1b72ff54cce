import type { WireTransfer } from '@level-one/peers';

export type TransferSide = 'debit' | 'credit';

/** Whether the account pays or receives in a transfer. */
export function sideOf(transfer: WireTransfer, accountUri: string): TransferSide {
  return transfer.debits[0]?.account === accountUri ? 'debit' : 'credit';
}

/** The UUID at the end of a transfer's URI. */
export function idOf(transfer: WireTransfer): string {
  return transfer.id.slice(transfer.id.lastIndexOf('/') + 1).toLowerCase();
}
