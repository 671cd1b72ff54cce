import { ConditionError, fulfills, parseCondition, parseFulfillment } from '@level-one/ilp';
import {
  CANCELLED,
  hasExpired,
  Right,
  type Transfer,
  transferError,
  TransferErrorCode,
  TransferState,
  wasCancelled,
} from '@level-one/transfer';
import { assertParties, isCustomer } from '../rules/account-kinds.js';
import type { Books } from '../books/books.js';
import type { Command } from './commands.js';
import { assertCountable } from '../rules/funds.js';
import { hasRight, type Principal } from '../rules/principal.js';

/**
 * Executes a prepared transfer with the fulfillment of its condition, or cancels it with that of its cancellation
 * condition. The checks come in the order of contract 3.6.
 *
 * Anyone who knows the preimage may do so, with two exceptions: a transfer to an account without direct use needs the
 * right `fulfil`; after its expiry only its creditor may execute it, during its grace (ruling 39).
 *
 * @returns the fulfillment as first submitted.
 * @throws ContractError 404, 403, 400 InvalidBodyError, 422 TransferNotConditionalError, UnmetConditionError,
 * ExpiredTransferError or UnsupportedCryptoConditionError, 400 InvalidModificationError.
 */
export function fulfilTransfer(id: string, fulfillment: string, principal: Principal): Command<string> {
  return {
    transferIds: [id],
    accounts: [],
    decide: (books) => {
      books.expireIfDue(id);
      const transfer = books.transfer(id);
      if (!transfer) throw transferError(TransferErrorCode.NotFound);
      const preimage = preimageOf(fulfillment);
      if (transfer.executionCondition === null) throw transferError(TransferErrorCode.TransferNotConditional);
      if (isFulfilled(transfer.executionCondition, preimage))
        return executeTransfer(books, transfer, fulfillment, principal);
      if (isFulfilled(transfer.cancellationCondition, preimage)) return cancelTransfer(books, transfer, fulfillment);
      throw transferError(TransferErrorCode.UnmetCondition, {
        extras: { condition: transfer.executionCondition, fulfillment },
      });
    },
  };
}

function executeTransfer(books: Books, transfer: Transfer, fulfillment: string, principal: Principal): string {
  if (transfer.state === TransferState.Executed && transfer.fulfillment !== null) return transfer.fulfillment;
  if (transfer.state !== TransferState.Prepared) throw moveRefused(transfer, 'executed');
  if (books.isLate(transfer) && principal.name !== transfer.creditAccount) {
    throw transferError(TransferErrorCode.ExpiredTransfer);
  }
  assertMayExecute(books, transfer, principal);
  assertParties(books, transfer);
  assertCountable(books, transfer, books.charges(transfer.id));
  books.executeTransfer(transfer, fulfillment);
  return fulfillment;
}

function assertMayExecute(books: Books, { creditAccount }: Transfer, principal: Principal): void {
  const account = books.account(creditAccount);
  if (!account || !isCustomer(account) || account.directUse || hasRight(principal, Right.Fulfil)) return;
  throw transferError(TransferErrorCode.Forbidden, { message: 'Invalid attempt to execute credit' });
}

function cancelTransfer(books: Books, transfer: Transfer, fulfillment: string): string {
  if (wasCancelled(transfer) && transfer.fulfillment !== null) return transfer.fulfillment;
  if (transfer.state !== TransferState.Prepared) throw moveRefused(transfer, 'cancelled');
  if (books.isLate(transfer)) throw transferError(TransferErrorCode.ExpiredTransfer);
  books.rejectTransfer(transfer, { reason: CANCELLED, fulfillment });
  return fulfillment;
}

function moveRefused(transfer: Transfer, move: 'executed' | 'cancelled'): Error {
  if (hasExpired(transfer)) return transferError(TransferErrorCode.ExpiredTransfer);
  const message = `Transfers in state ${transfer.state} may not be ${move}`;
  return transferError(TransferErrorCode.InvalidModification, { message });
}

/** Whether the preimage fulfills a condition. */
export function isFulfilled(condition: string | null, preimage: Buffer): boolean {
  return condition !== null && fulfills(parseCondition(condition), preimage);
}

/** @throws ContractError 400 InvalidBodyError, 422 UnsupportedCryptoConditionError */
export function preimageOf(fulfillment: string): Buffer {
  try {
    return parseFulfillment(fulfillment);
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    if (error.reason === 'unsupported') {
      throw transferError(TransferErrorCode.UnsupportedCryptoCondition, { message: error.message });
    }
    throw transferError(TransferErrorCode.InvalidBody, { message: `Invalid fulfillment: ${error.message}` });
  }
}
