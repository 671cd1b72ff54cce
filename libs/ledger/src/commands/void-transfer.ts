import type { Transfer } from '@level-one/transfer';
import type { Command } from './commands.js';

/**
 * Sees to it that an unknown id never becomes a transfer, and drops the charges that wait for it (ruling 40). A known
 * transfer stays as it is. Repeating the request changes nothing.
 *
 * @param debitAccount if given, the id is void for its debits only: transfers of others are neither hindered nor shown.
 * @returns the transfer, if the ledger knows it; undefined if the id is void.
 */
export function voidTransfer(id: string, debitAccount?: string): Command<Transfer | undefined> {
  return {
    transferIds: [id],
    accounts: [],
    decide: (books) => {
      books.expireIfDue(id);
      const transfer = books.transfer(id);
      if (transfer)
        return debitAccount === undefined || transfer.debitAccount === debitAccount ? { ...transfer } : undefined;
      if (!books.isVoid(id, debitAccount)) books.voidTransfer(id, debitAccount);
      return undefined;
    },
  };
}
