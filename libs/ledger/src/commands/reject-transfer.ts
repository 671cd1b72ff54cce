import {
  EXPIRED,
  type Rejection,
  Right,
  type Transfer,
  transferError,
  TransferErrorCode,
  TransferState,
} from '@level-one/transfer';
import type { Books } from '../books/books.js';
import type { Command } from './commands.js';
import { mayActFor, type Principal } from '../rules/principal.js';

/**
 * Rejects a proposed or prepared transfer for its credit side and releases its hold (contract 3.5).
 * @throws ContractError 404, 403, 422 TransferNotConditionalError or 400 InvalidModificationError.
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
 * The `message` of the body becomes the rejection reason of the transfer. A proposal can be rejected by the owner of
 * the credited account; a prepared transfer by that owner if the account has direct use, or by a holder of the right
 * `reject`. After its expiry only that owner may end it, during the grace (ruling 39), and it then counts as expired.
 */
export function rejectCredit(books: Books, transfer: Transfer, rejection: Rejection, principal: Principal): Transfer {
  if (!mayReject(books, transfer, principal)) {
    throw transferError(TransferErrorCode.Forbidden, { message: 'Invalid attempt to reject credit' });
  }
  if (transfer.state === TransferState.Rejected) return transfer;
  if (transfer.state === TransferState.Executed) throw isExecuted(transfer);
  if (!books.isLate(transfer)) books.rejectTransfer(transfer, { reason: rejection.message, message: rejection });
  else if (principal.name === transfer.creditAccount) books.rejectTransfer(transfer, { reason: EXPIRED });
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
