import { randomUUID } from 'node:crypto';
import { type TransferContent, TransferErrorCode, transferError } from '@level-one/transfer';
import { type Account } from './account.entity.js';
import { type Books, ISSUANCE_ACCOUNT } from './books.js';
import type { Command } from './commands.js';

/** What an administrator says about an account; what is absent stays as it is, or at its default. */
export interface AccountChange {
  name: string;
  /** What the account shall have available, in minor units; the difference is booked against the issuance account. */
  balance?: bigint;
  /** Minor units; null takes the floor away. Default 0. */
  minimumAllowedBalance?: bigint | null;
  /** Minor units; null takes the cap away. Default none. */
  netDebitCap?: bigint | null;
  isDisabled?: boolean;
  accountType?: Account['accountType'];
  connector?: string | null;
  rights?: Account['rights'];
  passwordHash?: string | null;
}

export interface PutAccountOutcome {
  account: Account;
  created: boolean;
}

/**
 * Opens an account or changes one; its money, if any, is booked in the same transaction.
 * Throws ContractError 422 when the balance would be below the floor, or RecordExistsError when `onlyNew` is not new.
 */
export function putAccount(change: AccountChange, { onlyNew = false } = {}): Command<PutAccountOutcome> {
  return {
    transferIds: [],
    accounts: [change.name, ISSUANCE_ACCOUNT],
    decide: (books) => {
      const known = books.account(change.name);
      if (change.name === ISSUANCE_ACCOUNT && change.balance !== undefined) throw notBookable();
      if (known && onlyNew) throw transferError(TransferErrorCode.RecordExists);
      if (known?.closedAt) throw isClosed(change.name);
      const account = known ?? newAccount(change.name);
      const { balance = account.posted - account.held, ...settings } = withoutAbsent(change);
      const difference = balance - (account.posted - account.held);
      const changed = { ...account, ...settings };
      assertAboveFloor(balance, changed.minimumAllowedBalance);

      books.administer(Object.assign(account, changed));
      if (difference !== 0n) bookAgainstIssuance(books, account.name, difference);
      return { account: { ...account }, created: !known };
    },
  };
}

function notBookable(): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, {
    message: 'The issuance account has what the other accounts owe, it cannot be set',
  });
}

function newAccount(name: string): Account {
  return {
    name,
    posted: 0n,
    held: 0n,
    minimumAllowedBalance: 0n,
    positionBase: 0n,
    netDebitCap: null,
    closedAt: null,
    isDisabled: false,
    accountType: null,
    connector: null,
    rights: [],
    passwordHash: null,
  };
}

function withoutAbsent(change: AccountChange): AccountChange {
  return Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as unknown as AccountChange;
}

function assertAboveFloor(balance: bigint, floor: bigint | null): void {
  if (floor === null || balance >= floor) return;
  throw transferError(TransferErrorCode.UnprocessableEntity, {
    message: 'The balance would be below the minimum allowed balance',
  });
}

function isClosed(name: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, { message: `Account \`${name}\` is closed` });
}

function bookAgainstIssuance(books: Books, account: string, difference: bigint): void {
  const isGain = difference > 0n;
  const content: TransferContent = {
    id: randomUUID(),
    debitAccount: isGain ? ISSUANCE_ACCOUNT : account,
    creditAccount: isGain ? account : ISSUANCE_ACCOUNT,
    amount: isGain ? difference : -difference,
    debitMemo: null,
    creditMemo: null,
    additionalInfo: { reason: 'balance set by an administrator' },
    executionCondition: null,
    cancellationCondition: null,
    expiresAt: null,
  };
  books.executeAtOnce(books.enrol(content));
}
