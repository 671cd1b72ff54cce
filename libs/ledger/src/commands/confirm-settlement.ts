import {
  type TransferContent,
  TransferErrorCode,
  transferError,
  unknownAccount,
  AccountType,
} from '@level-one/transfer';
import type { Books } from '../books/books.js';
import { assertAvailable, assertCountable } from '../rules/funds.js';
import { EntryKind } from '../schema/entry.entity.js';
import { SETTLEMENT_ACCOUNT, type SettlementConfirmationEntity } from '../schema/settlement.entity.js';
import type { Command } from './commands.js';

/** What a bank moved for one account in one window. */
export type SettlementConfirmation = Pick<
  SettlementConfirmationEntity,
  'settlementId' | 'account' | 'reference' | 'transferId' | 'amount'
>;

/**
 * Books what a bank moved between accounts and the account `settlement`, and records it, all or nothing. The ids of the
 * transfers must be new.
 *
 * @throws ContractError 422 UnprocessableEntityError for an unknown or closed account, and if `settlement` is not of
 * kind `s`; 422 InsufficientFundsError if an account that is paid would be below its floor.
 */
export function confirmSettlement(confirmations: readonly SettlementConfirmation[]): Command<void> {
  const contents = confirmations.map(settlementTransfer);
  return {
    transferIds: confirmations.map(({ transferId }) => transferId),
    accounts: [SETTLEMENT_ACCOUNT, ...new Set(confirmations.map(({ account }) => account))],
    decide: (books) => {
      assertSettles(books);
      for (const [name, amount] of sumsOf(confirmations)) assertMovable(books, name, amount);
      const [first, ...others] = contents;
      if (first) assertCountable(books, first, others);
      for (const content of contents) books.executeAtOnce(books.addTransfer(content), EntryKind.Settlement);
      for (const confirmation of confirmations) books.confirmations.add(confirmation);
    },
  };
}

function settlementTransfer({ transferId, account, amount, settlementId, reference }: SettlementConfirmation) {
  const isPaidIn = amount > 0n;
  return {
    id: transferId,
    debitAccount: isPaidIn ? SETTLEMENT_ACCOUNT : account,
    creditAccount: isPaidIn ? account : SETTLEMENT_ACCOUNT,
    amount: isPaidIn ? amount : -amount,
    debitMemo: null,
    creditMemo: null,
    additionalInfo: { settlement: settlementId, reference },
    executionCondition: null,
    cancellationCondition: null,
    expiresAt: null,
  } satisfies TransferContent;
}

/** How the balance of each account moves. */
function sumsOf(confirmations: readonly SettlementConfirmation[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { account, amount } of confirmations) sums.set(account, (sums.get(account) ?? 0n) + amount);
  return sums;
}

function assertSettles(books: Books): void {
  const account = books.account(SETTLEMENT_ACCOUNT);
  if (account?.accountType !== AccountType.Settlement || account.closedAt)
    throw notAllowed(`Account \`${SETTLEMENT_ACCOUNT}\` must be open and of kind ${AccountType.Settlement}`);
}

function assertMovable(books: Books, name: string, amount: bigint): void {
  const account = books.account(name);
  if (!account) throw unknownAccount(name);
  if (account.closedAt) throw notAllowed(`Account \`${name}\` is closed`);
  if (amount < 0n) assertAvailable(account, -amount);
}

function notAllowed(message: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, { message });
}
