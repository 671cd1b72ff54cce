import { QuoteSide } from '@level-one/quote';
import type { OwnTransfer } from '../ledger/own-transfers.js';
import { FindingKind } from './findings.js';

/** A payment of one side, as it is compared. */
export interface ComparedPayment {
  paymentId: string;
  side: QuoteSide;
  status: string;
  transferId: string;
  /** Minor units of the own ledger. */
  amount: string;
  /** Name or URI. */
  account: string;
  invoiceId: string | null;
  expiresAt: Date | null;
  ageS: number;
  /** Time since it ended; null while it is open, and in rows from before that was kept. */
  endedS: number | null;
}

/** The page after $1 of at most $2 payments that were created at $3 or later. */
export const READ_PAYMENTS: Readonly<Record<QuoteSide, string>> = {
  [QuoteSide.Debit]: readPayments(
    'outgoing_payments',
    `payment_id AS "transferId", account, split_part(invoice_url, '/', -1) AS "invoiceId"`,
  ),
  [QuoteSide.Credit]: readPayments(
    'receiver_payments',
    `coalesce(transfer_id, payment_id) AS "transferId", approval ->> 'destinationAccount' AS account,
     invoice_id::text AS "invoiceId"`,
  ),
};

function readPayments(table: string, columns: string): string {
  return `
    SELECT payment_id AS "paymentId", status, amount::text, expires_at AS "expiresAt", ${columns},
      extract(epoch FROM clock_timestamp() - created_at)::int AS "ageS",
      extract(epoch FROM clock_timestamp() - ended_at)::int AS "endedS"
    FROM ${table}
    WHERE ($1::uuid IS NULL OR payment_id > $1) AND ($3::timestamptz IS NULL OR created_at >= $3)
    ORDER BY payment_id LIMIT $2`;
}

const OPEN: ReadonlySet<string> = new Set(['settingUp', 'paying', 'proposed', 'prepared']);
/** How long a record may lag behind its ledger. */
const LAG_S = 60;
/** A day of grace, and an hour for what comes after it. */
const OVERDUE_S = 25 * 60 * 60;

/** What differs between a payment and its transfer on the own ledger; null if nothing does. */
export function paymentFinding(
  payment: ComparedPayment,
  transfer: OwnTransfer | undefined,
  nameOf: (account: string) => string,
): FindingKind | null {
  const { status, ageS, endedS } = payment;
  const state = transfer?.state;
  if (OPEN.has(status)) return ageS > OVERDUE_S ? FindingKind.PaymentOverdue : FindingKind.PaymentUnderWay;
  if (status === 'executed') {
    if (!transfer || state !== 'executed') return FindingKind.PaymentWithoutTransfer;
    return isSameMoney(payment, transfer, nameOf) ? null : FindingKind.AmountsDiffer;
  }
  if (state === 'executed') return FindingKind.TransferWithoutPayment;
  if (state !== 'prepared') return null;
  return (endedS ?? ageS) > LAG_S ? FindingKind.TransferOfEndedPayment : FindingKind.PaymentUnderWay;
}

function isSameMoney(
  { side, account, amount }: ComparedPayment,
  { debit, credit }: OwnTransfer,
  nameOf: (account: string) => string,
): boolean {
  const moved = side === QuoteSide.Debit ? debit : credit;
  return moved?.amount === BigInt(amount) && moved.account === nameOf(account);
}
