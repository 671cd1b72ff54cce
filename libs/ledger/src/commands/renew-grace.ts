import { hasExpired, isFinal, type Transfer, TransferErrorCode, transferError } from '@level-one/transfer';
import type { Books } from '../books/books.js';
import type { Principal } from '../rules/principal.js';
import type { Command } from './commands.js';

/**
 * Keeps a late transfer open for longer, for its creditor, who does not know yet how the transfer behind it ends
 * (ruling 39). Only the creditor may, only during the grace, and the end never comes earlier. Repeating the request
 * changes nothing.
 *
 * @param maxMs how long after `expiresAt` the transfer may be open at most, in ms.
 * @throws ContractError 404 NotFoundError, 403 UnauthorizedError, 422 ExpiredTransferError after the grace, 400
 * InvalidModificationError for a transfer that is executed or rejected, 422 UnprocessableEntityError before the expiry,
 * for an earlier end, and for one that is too late.
 */
export function renewGrace(id: string, until: Date, principal: Principal, maxMs: number): Command<Transfer> {
  return {
    transferIds: [id],
    accounts: [],
    decide: (books) => {
      books.expireIfDue(id);
      const transfer = books.transfer(id);
      if (!transfer) throw transferError(TransferErrorCode.NotFound);
      if (principal.name !== transfer.creditAccount) throw transferError(TransferErrorCode.Forbidden);
      assertInGrace(books, transfer);
      const present = books.openUntil(transfer)!;
      if (until < present) throw notAllowed('A grace is never made shorter');
      const latest = new Date(transfer.expiresAt!.getTime() + maxMs);
      if (until > present && until > latest) throw notAllowed(`A grace ends at ${latest.toISOString()} at the latest`);
      if (until > present) books.renewGrace(transfer, until);
      return { ...transfer };
    },
  };
}

function assertInGrace(books: Books, transfer: Transfer): void {
  if (hasExpired(transfer)) throw transferError(TransferErrorCode.ExpiredTransfer);
  if (isFinal(transfer.state)) {
    const message = `Transfers in state ${transfer.state} have no grace`;
    throw transferError(TransferErrorCode.InvalidModification, { message });
  }
  if (!books.isLate(transfer)) throw notAllowed('A grace can be made longer once the transfer is past its expires_at');
}

function notAllowed(message: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, { message });
}
