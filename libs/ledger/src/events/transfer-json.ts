import { formatAmount } from '@level-one/money';
import type { CreditDto, TransferDto } from '@level-one/peers';
import { type LedgerUris, type Transfer, wasCancelled } from '@level-one/transfer';

/** A transfer as plain data, which may be spread. */
export type TransferJson = Omit<TransferDto, 'credits'> & { credits: [Pick<CreditDto, keyof CreditDto>] };

/**
 * Writes a transfer the way this ledger answers and announces it (contract 3.3): absolute URIs, amounts with all
 * decimals, ISO times, and no null members.
 */
export function transferToJson(transfer: Transfer, uris: LedgerUris, scale: number): TransferJson {
  const amount = formatAmount(transfer.amount, scale);
  return {
    id: uris.transfer(transfer.id),
    ledger: uris.base,
    debits: [
      {
        account: uris.account(transfer.debitAccount),
        amount,
        ...(transfer.authorized && { authorized: true }),
        ...(transfer.debitMemo && { memo: transfer.debitMemo }),
      },
    ],
    credits: [
      {
        account: uris.account(transfer.creditAccount),
        amount,
        ...(transfer.creditMemo && { memo: transfer.creditMemo }),
        ...(transfer.rejectionMessage && { rejected: true, rejection_message: transfer.rejectionMessage }),
      },
    ],
    ...(transfer.executionCondition !== null && { execution_condition: transfer.executionCondition }),
    ...(transfer.cancellationCondition !== null && { cancellation_condition: transfer.cancellationCondition }),
    ...(transfer.expiresAt && { expires_at: transfer.expiresAt.toISOString() }),
    state: transfer.state,
    timeline: {
      proposed_at: transfer.proposedAt.toISOString(),
      ...(transfer.preparedAt && { prepared_at: transfer.preparedAt.toISOString() }),
      ...(transfer.executedAt && { executed_at: transfer.executedAt.toISOString() }),
      ...(transfer.rejectedAt && { rejected_at: transfer.rejectedAt.toISOString() }),
    },
    ...(transfer.rejectionReason !== null && { rejection_reason: transfer.rejectionReason }),
    ...(transfer.additionalInfo && { additional_info: transfer.additionalInfo }),
  };
}

/** Related resources of a notification (contract 3.7): the fulfillment, if there is one. */
export function relatedResourcesOf(transfer: Transfer): Record<string, string> | undefined {
  if (transfer.fulfillment === null) return undefined;
  return wasCancelled(transfer)
    ? { cancellation_condition_fulfillment: transfer.fulfillment }
    : { execution_condition_fulfillment: transfer.fulfillment };
}
