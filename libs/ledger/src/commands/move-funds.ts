import { isSameContent, type TransferContent, TransferErrorCode, transferError } from '@level-one/transfer';
import type { Account } from '../schema/account.entity.js';
import { type Books, ISSUANCE_ACCOUNT } from '../books/books.js';
import type { Command } from './commands.js';
import { assertAvailable, assertCountable, assertIssuable } from '../rules/funds.js';

export enum FundsDirection {
  /** From the issuance account to the account. */
  In = 'in',
  /** Back again. */
  Out = 'out',
}

/** Money that comes to a ledger, or leaves it. */
export interface FundsMovement {
  /** UUID, chosen by the caller; that of the transfer it is booked as. */
  id: string;
  account: string;
  direction: FundsDirection;
  /** Minor units, positive. */
  amount: bigint;
  /** What it is known by elsewhere, such as at a bank. */
  reference: string;
}

export interface MoveFundsOutcome {
  account: Account;
  /** False for a replay. */
  created: boolean;
}

/**
 * Books an amount against the issuance account, once for each id.
 *
 * Throws ContractError 400 InvalidModificationError for a known id with anything else, 404 NotFoundError, 422
 * UnprocessableEntityError for closed accounts, the issuance account, sums too large and an id that charges were given
 * to, 422 InsufficientFundsError.
 */
export function moveFunds(movement: FundsMovement): Command<MoveFundsOutcome> {
  const content = fundsTransfer(movement);
  return {
    transferIds: [movement.id],
    accounts: [movement.account, ISSUANCE_ACCOUNT],
    decide: (books) => {
      const account = books.account(movement.account);
      if (!account) throw transferError(TransferErrorCode.NotFound, { message: 'Unknown account' });
      books.expireIfDue(movement.id);
      const known = books.transfer(movement.id);
      if (known && !isSameContent(known, content)) throw transferError(TransferErrorCode.InvalidModification);
      if (!known) {
        assertMovable(account);
        assertFreeOfCharge(books, movement.id);
        if (movement.direction === FundsDirection.Out) assertAvailable(account, movement.amount);
        assertBookable(books, content);
        books.executeAtOnce(books.enrol(content));
      }
      return { account: { ...account }, created: !known };
    },
  };
}

/** What such a movement is in the books. */
export function fundsTransfer({ id, account, direction, amount, reference }: FundsMovement): TransferContent {
  const isIn = direction === FundsDirection.In;
  return {
    id,
    debitAccount: isIn ? ISSUANCE_ACCOUNT : account,
    creditAccount: isIn ? account : ISSUANCE_ACCOUNT,
    amount,
    debitMemo: null,
    creditMemo: null,
    additionalInfo: { reference },
    executionCondition: null,
    cancellationCondition: null,
    expiresAt: null,
  };
}

/** @throws ContractError 422 UnprocessableEntityError when somebody would have more than the ledger can count. */
export function assertBookable(books: Books, content: TransferContent): void {
  assertCountable(books, content, []);
  assertIssuable(books, content);
}

function assertMovable({ name, closedAt }: Account): void {
  if (closedAt) throw notAllowed(`Account \`${name}\` is closed`);
  if (name === ISSUANCE_ACCOUNT) throw notAllowed('The issuance account has what the other accounts owe');
}

/** Charges go with transfers of customers; under an id that has some, they would be booked with it. */
function assertFreeOfCharge(books: Books, id: string): void {
  if (books.charges(id).length > 0) throw notAllowed('Charges were given to this id, choose another one');
}

function notAllowed(message: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, { message });
}
