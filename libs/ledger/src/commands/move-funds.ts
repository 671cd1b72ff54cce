import {
  FundsDirection,
  isSameContent,
  type TransferContent,
  TransferErrorCode,
  transferError,
} from '@level-one/transfer';
import type { Account } from '../schema/account.entity.js';
import { type Books, ISSUANCE_ACCOUNT } from '../books/books.js';
import type { Command } from './commands.js';
import { assertAvailable, assertCountable, assertIssuable } from '../rules/funds.js';

/** Money that enters or leaves a ledger. */
export interface FundsMovement {
  /** UUID, chosen by the caller. It is also the id of the transfer that is booked. */
  id: string;
  account: string;
  direction: FundsDirection;
  /** Minor units, positive. */
  amount: bigint;
  /** What the movement is called outside the ledger, for example by a bank. */
  reference: string;
}

export interface MoveFundsOutcome {
  account: Account;
  /** False for a repeated request. */
  created: boolean;
}

/**
 * Books an amount against the issuance account, once per id.
 *
 * @throws ContractError 400 InvalidModificationError if the id is known with other content, 404 NotFoundError, 422
 * UnprocessableEntityError for a closed account, the issuance account, a sum too large or an id that has charges, 422
 * InsufficientFundsError, 422 ExpiredTransferError for an id that is void.
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
        if (books.isVoid(movement.id)) throw transferError(TransferErrorCode.ExpiredTransfer);
        assertMovable(account);
        assertFreeOfCharge(books, movement.id);
        if (movement.direction === FundsDirection.Out) assertAvailable(account, movement.amount);
        assertBookable(books, content);
        books.executeAtOnce(books.addTransfer(content));
      }
      return { account: { ...account }, created: !known };
    },
  };
}

/** The transfer that books a movement of funds. */
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

/** @throws ContractError 422 UnprocessableEntityError if a balance would be larger than the ledger can count. */
export function assertBookable(books: Books, content: TransferContent): void {
  assertCountable(books, content, []);
  assertIssuable(books, content);
}

function assertMovable({ name, closedAt }: Account): void {
  if (closedAt) throw notAllowed(`Account \`${name}\` is closed`);
  if (name === ISSUANCE_ACCOUNT)
    throw notAllowed('The balance of the issuance account follows from the other accounts and cannot be set');
}

/** Charges belong to transfers of customers. Charges put under this id would be booked with the movement. */
function assertFreeOfCharge(books: Books, id: string): void {
  if (books.charges(id).length > 0) throw notAllowed('Charges were put under this id; choose another id');
}

function notAllowed(message: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, { message });
}
