import {
  EXPIRED,
  type Rejection,
  type Transfer,
  TransferErrorCode,
  transferError,
  TransferState,
} from '@level-one/transfer';
import { Right } from './account.entity.js';
import type { Books } from './books.js';
import type { Command } from './commands.js';
import { mayActFor, type Principal } from './principal.js';

/**
 * Rejects a conditional transfer for its credit side and gives back what was held (contract 3.5).
 * Throws ContractError 404, 403, 422 TransferNotConditionalError or 400 InvalidModificationError.
 */
export function rejectTransfer(id: string, rejection: Rejection, principal: Principal): Command<Transfer> {
  return {
    transferIds: [id],
    accounts: [],
    decide: (books) => {
      const transfer = books.transfer(id);
      if (!transfer) throw transferError(TransferErrorCode.NotFound);
      return { ...rejectCredit(books, transfer, rejection, principal) };
    },
  };
}

/**
 * The `message` of the rejecting party becomes the transfer's rejection reason. After its time a transfer can only
 * expire: its connector may say so before the grace it was given is over (ruling 9), and nobody else.
 */
export function rejectCredit(books: Books, transfer: Transfer, rejection: Rejection, principal: Principal): Transfer {
  if (!mayActFor(principal, transfer.creditAccount, Right.Reject)) {
    throw transferError(TransferErrorCode.Forbidden, { message: 'Invalid attempt to reject credit' });
  }
  if (transfer.executionCondition === null) throw transferError(TransferErrorCode.TransferNotConditional);
  if (transfer.state === TransferState.Rejected) return transfer;
  if (transfer.state === TransferState.Executed) {
    throw transferError(TransferErrorCode.InvalidModification, {
      message: 'Transfers in state executed may not be rejected',
    });
  }
  if (!books.isLate(transfer)) books.reject(transfer, { reason: rejection.message, message: rejection });
  else if (principal.name === transfer.creditAccount) books.reject(transfer, { reason: EXPIRED });
  else throw transferError(TransferErrorCode.ExpiredTransfer);
  return transfer;
}
