import { AccountType, type TransferContent, TransferErrorCode, transferError } from '@level-one/transfer';
import type { Books } from '../books/books.js';
import { assertCountable, assertFunds, assertUsable } from '../rules/funds.js';
import { SETTLEMENT_ACCOUNT } from '../schema/settlement.entity.js';
import type { Command } from './commands.js';

/** A claim that is to be paid. */
export interface ClaimToBook {
  /** Id of the transfer that books it. */
  bookingId: string;
  /** Transfer that was claimed. */
  transferId: string;
  /** Account of kind `s` that pays. */
  account: string;
  creditor: string;
  /** Minor units. */
  amount: bigint;
}

/**
 * Pays a claim out of the account that is set aside for claims, once (ruling 39).
 *
 * @throws ContractError 422 UnprocessableEntityError if that account is of another kind, or one of both cannot be used;
 * 422 InsufficientFundsError.
 */
export function bookClaim({ bookingId, transferId, account, creditor, amount }: ClaimToBook): Command<void> {
  const content: TransferContent = {
    id: bookingId,
    debitAccount: account,
    creditAccount: creditor,
    amount,
    debitMemo: null,
    creditMemo: null,
    additionalInfo: { claim: transferId },
    executionCondition: null,
    cancellationCondition: null,
    expiresAt: null,
  };
  return {
    transferIds: [bookingId],
    accounts: [account, creditor],
    decide: (books) => {
      if (books.transfer(bookingId)) return;
      assertPaysClaims(books, account);
      assertUsable(books, creditor);
      assertFunds(books, new Map([[account, amount]]));
      assertCountable(books, content, []);
      books.executeAtOnce(books.addTransfer(content));
    },
  };
}

function assertPaysClaims(books: Books, name: string): void {
  assertUsable(books, name);
  if (books.account(name)?.accountType === AccountType.Settlement && name !== SETTLEMENT_ACCOUNT) return;
  throw transferError(TransferErrorCode.UnprocessableEntity, {
    message: `Account \`${name}\` is not of kind s, or that of settlements: no claim can be booked against it`,
  });
}
