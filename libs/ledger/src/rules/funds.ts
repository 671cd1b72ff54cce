import { type TransferContent, TransferErrorCode, transferError, unknownAccount } from '@level-one/transfer';
import type { Account } from '../schema/account.entity.js';
import { availableOf, type Books } from '../books/books.js';
import type { Charge } from '../schema/charge.entity.js';

/** Maximum balance, debt or hold of an account, in minor units. The sum of two such amounts fits into 64 bits. */
export const FUNDS_MAX = 4_000_000_000_000_000_000n;

/** @throws ContractError 422 UnprocessableEntityError if the account is unknown or disabled. */
export function assertUsable(books: Books, name: string): void {
  const account = books.account(name);
  if (!account) throw unknownAccount(name);
  if (account.isDisabled) {
    throw transferError(TransferErrorCode.UnprocessableEntity, { message: `Account \`${name}\` is disabled` });
  }
}

/**
 * Checks that each account has its amount (minor units) above its floor and within its net debit cap.
 * @throws ContractError 422 InsufficientFundsError; 422 UnprocessableEntityError if a hold would be larger than the
 * ledger can count. The database would refuse that too, but with the whole batch.
 */
export function assertFunds(books: Books, amounts: ReadonlyMap<string, bigint>): void {
  for (const [name, amount] of amounts) {
    const account = books.account(name);
    if (!account) throw unknownAccount(name);
    const { aboveFloor, belowCap } = availableOf(account);
    if (aboveFloor !== null && aboveFloor < amount) throw insufficient(name);
    if (belowCap !== null && belowCap < amount) throw insufficient(name, 'The net debit cap would be exceeded.');
    if (account.held + amount > FUNDS_MAX) throw uncountable(name);
  }
}

/**
 * Checks that an account has the amount above its floor. The net debit cap does not count: money that leaves the ledger
 * changes no position.
 * @throws ContractError 422 InsufficientFundsError
 */
export function assertAvailable(account: Account, amount: bigint): void {
  const { aboveFloor } = availableOf(account);
  if (aboveFloor !== null && aboveFloor < amount) throw insufficient(account.name);
}

/** @throws ContractError 422 UnprocessableEntityError if a balance would be larger than the ledger can count. */
export function assertCountable(
  books: Books,
  transfer: TransferContent,
  charges: readonly Pick<Charge, 'debitAccount' | 'creditAccount' | 'amount'>[],
): void {
  const posted = new Map<string, bigint>();
  const add = (name: string, amount: bigint): void => {
    const after = (posted.get(name) ?? books.account(name)?.posted ?? 0n) + amount;
    if (!isCountable(after)) throw uncountable(name);
    posted.set(name, after);
  };
  for (const { debitAccount, creditAccount, amount } of [transfer, ...charges]) {
    add(debitAccount, -amount);
    add(creditAccount, amount);
  }
}

/** The same for the total of money issued to an account. @throws ContractError 422 UnprocessableEntityError */
export function assertIssuable(books: Books, { debitAccount, creditAccount, amount }: TransferContent): void {
  for (const [name, issued] of [
    [debitAccount, -amount],
    [creditAccount, amount],
  ] as const) {
    if (!isCountable((books.account(name)?.positionBase ?? 0n) + issued)) throw uncountable(name);
  }
}

function isCountable(amount: bigint): boolean {
  return amount <= FUNDS_MAX && amount >= -FUNDS_MAX;
}

function uncountable(name: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, {
    message: `Account \`${name}\` would have more than the ledger can count`,
  });
}

function insufficient(owner: string, message?: string): Error {
  return transferError(TransferErrorCode.InsufficientFunds, { ...(message && { message }), extras: { owner } });
}
