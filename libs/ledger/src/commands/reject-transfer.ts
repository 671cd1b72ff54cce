import {
  EXPIRED,
  type Rejection,
  type Transfer,
  TransferErrorCode,
  transferError,
  TransferState,
} from '@level-one/transfer';
import { Right } from '../schema/account.entity.js';
import type { Books } from '../books/books.js';
import type { Command } from './commands.js';
import { mayActFor, type Principal } from '../rules/principal.js';

/**
 * Rejects a proposed or prepared transfer for its credit side and gives back what was held (contract 3.5).
 * Throws ContractError 404, 403, 422 TransferNotConditionalError or 400 InvalidModificationError.
 */
export function rejectTransfer(id: string, rejection: Rejection, principal: Principal): Command<Transfer> {
  return {
    transferIds: [id],
    accounts: [],
    decide: (books) => {
      books.expireIfDue(id);
      const transfer = books.transfer(id);
      if (!transfer) throw transferError(TransferErrorCode.NotFound);
      return { ...rejectCredit(books, transfer, rejection, principal) };
    },
  };
}

/**
 * The `message` of the rejecting party becomes the transfer's rejection reason. A proposal is rejected by the owner of
 * its credit, whatever it is; a prepared transfer needs a condition and, where the owner does not use the account
 * directly, somebody with the right `reject`. After its time a transfer can only expire: its connector may say so
 * before the grace it was given is over (ruling 9), and nobody else.
 */
export function rejectCredit(books: Books, transfer: Transfer, rejection: Rejection, principal: Principal): Transfer {
  if (!mayReject(books, transfer, principal)) {
    throw transferError(TransferErrorCode.Forbidden, { message: 'Invalid attempt to reject credit' });
  }
  if (transfer.state === TransferState.Rejected) return transfer;
  if (transfer.state === TransferState.Executed) throw isExecuted(transfer);
  if (!books.isLate(transfer)) books.reject(transfer, { reason: rejection.message, message: rejection });
  else if (principal.name === transfer.creditAccount) books.reject(transfer, { reason: EXPIRED });
  else throw transferError(TransferErrorCode.ExpiredTransfer);
  return transfer;
}

function mayReject(books: Books, { state, creditAccount }: Transfer, principal: Principal): boolean {
  const account = books.account(creditAccount);
  if (!account) return false;
  const isOwner = principal.name === account.name;
  return mayActFor(principal, account, Right.Reject) || (isOwner && state === TransferState.Proposed);
}

function isExecuted({ executionCondition }: Transfer): Error {
  if (executionCondition === null) return transferError(TransferErrorCode.TransferNotConditional);
  return transferError(TransferErrorCode.InvalidModification, {
    message: 'Transfers in state executed may not be rejected',
  });
}
