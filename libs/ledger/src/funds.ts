import { TransferErrorCode, transferError, unknownAccount } from '@level-one/transfer';
import { availableOf, type Books } from './books.js';

/** @throws ContractError 422 UnprocessableEntityError for an account that is not there or disabled. */
export function assertUsable(books: Books, name: string): void {
  const account = books.account(name);
  if (!account) throw unknownAccount(name);
  if (account.isDisabled) {
    throw transferError(TransferErrorCode.UnprocessableEntity, { message: `Account \`${name}\` is disabled` });
  }
}

/**
 * Whether each account can spare its amount, in minor units, above its floor and within its net debit cap.
 * @throws ContractError 422 InsufficientFundsError; the database would refuse it too, but with the whole batch.
 */
export function assertFunds(books: Books, amounts: ReadonlyMap<string, bigint>): void {
  for (const [name, amount] of amounts) {
    const account = books.account(name);
    if (!account) throw unknownAccount(name);
    const { aboveFloor, belowCap } = availableOf(account);
    if (aboveFloor !== null && aboveFloor < amount) throw insufficient(name);
    if (belowCap !== null && belowCap < amount) throw insufficient(name, 'The net debit cap would be exceeded.');
  }
}

function insufficient(owner: string, message?: string): Error {
  return transferError(TransferErrorCode.InsufficientFunds, { ...(message && { message }), extras: { owner } });
}
