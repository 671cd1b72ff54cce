import { AccountType, ChargeKind, type TransferContent, transferError, TransferErrorCode } from '@level-one/transfer';
import { type Account } from '../schema/account.entity.js';
import type { Books } from '../books/books.js';
import { type Charge } from '../schema/charge.entity.js';

/**
 * Kinds that may be debited and credited by transfers. Other kinds, the money of the DFSP and the scheme, move by
 * charges and funds only.
 */
const PARTIES: ReadonlySet<AccountType> = new Set([AccountType.MobileWallet, AccountType.Connector, AccountType.Dfsp]);

/** Kinds whose owners always have direct use. */
const ALWAYS_DIRECT: ReadonlySet<AccountType> = new Set([AccountType.Connector, AccountType.Dfsp]);

export function isCustomer(account: Account | undefined): boolean {
  return account?.accountType === AccountType.MobileWallet;
}

/** Whether accounts of this kind have direct use; undefined if each account decides. */
export function directUseOf(kind: AccountType): boolean | undefined {
  return kind === AccountType.MobileWallet ? undefined : ALWAYS_DIRECT.has(kind);
}

/** @throws ContractError 422 UnprocessableEntityError if a party is of a kind that takes no part in transfers. */
export function assertParties(books: Books, { debitAccount, creditAccount }: TransferContent): void {
  for (const name of [debitAccount, creditAccount]) {
    const account = books.account(name);
    if (account && !PARTIES.has(account.accountType))
      throw notAllowed(`Account \`${name}\` takes no part in transfers`);
  }
}

/**
 * A fee goes from a customer to an account of kind `f`; a commission from one of kind `c` to a customer or to one of
 * kind `ac`. Unknown accounts pass here; `assertUsable` refuses them.
 *
 * @throws ContractError 422 UnprocessableEntityError for any other charge.
 */
export function assertChargeable(books: Books, { debitAccount, creditAccount, kind }: Charge): void {
  const from = books.account(debitAccount);
  const to = books.account(creditAccount);
  if (!from || !to) return;
  const isAllowed =
    kind === ChargeKind.Fee
      ? isCustomer(from) && to.accountType === AccountType.Fee
      : from.accountType === AccountType.Commission &&
        (isCustomer(to) || to.accountType === AccountType.AgentCommission);
  if (isAllowed) return;
  throw notAllowed(
    'A fee goes from a customer to an account of kind f, a commission from one of kind c to a customer or one of kind ac',
  );
}

/**
 * A customer can only be charged for a transfer of which it is a party.
 * @throws ContractError 422 UnprocessableEntityError
 */
export function assertChargesParties(books: Books, transfer: TransferContent, charges: readonly Charge[]): void {
  const charged = charges.flatMap(({ debitAccount, creditAccount }) => [debitAccount, creditAccount]);
  const third = charged.find(
    (name) => isCustomer(books.account(name)) && name !== transfer.debitAccount && name !== transfer.creditAccount,
  );
  if (third !== undefined) throw notAllowed(`Account \`${third}\` is no party of the transfer that it is charged for`);
}

function notAllowed(message: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, { message });
}
