import { isFinal, TransferErrorCode, transferError, TransferState } from '@level-one/transfer';
import { assertChargeable, assertChargesParties } from '../rules/account-kinds.js';
import type { Books } from '../books/books.js';
import { areSameCharges, type Charge } from '../schema/charge.entity.js';
import type { Command } from './commands.js';
import { assertCountable, assertFunds, assertUsable } from '../rules/funds.js';
import { holdsOf } from '../books/holds.js';

export interface PutChargesOutcome {
  charges: readonly Charge[];
  /** False for a repeated request. */
  created: boolean;
}

/**
 * Puts the charges of a transfer (ruling 10), before the ledger knows the transfer or while it is open. They are held
 * and executed with it, and released when it is rejected. Repeating the request changes nothing.
 *
 * @throws ContractError 400 InvalidModificationError if the transfer has other charges, 422 AlreadyExistsError if it is
 * final, 422 UnprocessableEntityError for accounts that may not take part or do not fit the kind of charge, 422
 * InsufficientFundsError, 422 ExpiredTransferError during a grace and for an id that is void.
 */
export function putCharges(transferId: string, charges: readonly Charge[]): Command<PutChargesOutcome> {
  return {
    transferIds: [transferId],
    accounts: charges.flatMap(({ debitAccount, creditAccount }) => [debitAccount, creditAccount]),
    decide: (books) => {
      books.expireIfDue(transferId);
      if (books.isVoid(transferId)) throw transferError(TransferErrorCode.ExpiredTransfer);
      const transfer = books.transfer(transferId);
      const known = books.charges(transferId);
      if (known.length > 0 && areSameCharges(known, charges)) return { charges: known, created: false };
      if (transfer && isFinal(transfer.state)) throw transferError(TransferErrorCode.AlreadyExists);
      if (known.length > 0) {
        throw transferError(TransferErrorCode.InvalidModification, {
          message: 'Charges may not be modified',
        });
      }
      for (const charge of charges) {
        assertUsable(books, charge.debitAccount);
        assertUsable(books, charge.creditAccount);
        assertChargeable(books, charge);
      }
      if (transfer) assertChargesParties(books, transfer, charges);
      if (transfer?.state === TransferState.Prepared) {
        if (books.isLate(transfer)) throw transferError(TransferErrorCode.ExpiredTransfer);
        assertFunds(books, additionalHolds(books, transferId, charges));
        assertCountable(books, transfer, charges);
      }
      books.addCharges(transferId, charges);
      return { charges, created: true };
    },
  };
}

/** Additional amounts that a prepared transfer must hold for these charges, by account, in minor units. */
function additionalHolds(books: Books, transferId: string, charges: readonly Charge[]): Map<string, bigint> {
  const transfer = books.transfer(transferId)!;
  const before = books.holds(transfer);
  const after = holdsOf(transfer, charges);
  const additional = [...after].map(([account, amount]) => [account, amount - (before.get(account) ?? 0n)] as const);
  return new Map(additional.filter(([, amount]) => amount > 0n));
}
