import { createHash } from 'node:crypto';
import { formatAmount } from '@level-one/money';
import { parseFulfillment } from '@level-one/ilp';
import { type LedgerUris, type Transfer, wasCancelled } from '@level-one/transfer';

/** What a ledger says about one of its transfers, and signs. */
export interface TransferStatement {
  /** Base URI of the ledger. */
  ledger: string;
  /** URI of the transfer. */
  id: string;
  amount: string;
  currency: string;
  state: Transfer['state'];
  execution_condition?: string;
  /** SHA-256 of the preimage that executed it, base64url. */
  fulfillment_hash?: string;
  expires_at?: string;
  /** Until when it was open. */
  open_until?: string;
  executed_at?: string;
}

export interface StatementUnit {
  uris: LedgerUris;
  currency: string;
  scale: number;
}

export function statementOf(transfer: Transfer, { uris, currency, scale }: StatementUnit): TransferStatement {
  const { executionCondition, expiresAt, openUntil, executedAt, fulfillment } = transfer;
  const hasFulfillment = fulfillment !== null && !wasCancelled(transfer);
  return {
    ledger: uris.base,
    id: uris.transfer(transfer.id),
    amount: formatAmount(transfer.amount, scale),
    currency,
    state: transfer.state,
    ...(executionCondition !== null && { execution_condition: executionCondition }),
    ...(hasFulfillment && { fulfillment_hash: hashOf(parseFulfillment(fulfillment)) }),
    ...(expiresAt && { expires_at: expiresAt.toISOString(), open_until: (openUntil ?? expiresAt).toISOString() }),
    ...(executedAt && { executed_at: executedAt.toISOString() }),
  };
}

/** Whether a statement proves that the transfer behind `transfer` was executed by `preimage` in its time. */
export function provesExecution(
  statement: Record<string, unknown>,
  { id, expiresAt }: Transfer,
  preimage: Buffer,
): boolean {
  const [expires, openUntil, executed] = ['expires_at', 'open_until', 'executed_at'].map((name) =>
    Date.parse(String(statement[name])),
  ) as [number, number, number];
  return (
    String(statement['id']).endsWith(`/transfers/${id}`) &&
    statement['state'] === 'executed' &&
    statement['fulfillment_hash'] === hashOf(preimage) &&
    // The transfers of a payment expire one after the other, the last one first.
    expiresAt !== null &&
    expires < expiresAt.getTime() &&
    executed < openUntil
  );
}

function hashOf(preimage: Buffer): string {
  return createHash('sha256').update(preimage).digest('base64url');
}
