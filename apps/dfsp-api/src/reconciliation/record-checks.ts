import { FindingKind } from './findings.js';
import { ReconciledPart } from './reconciliation.dto.js';

/** How long background work may be late before that is a difference. */
const LATE = `interval '5 minutes'`;

/** Statuses of a payment that moved no money and never will. */
const UNPAID = `('rejected', 'expired', 'failed')`;

/**
 * Compares the rows of one table with the payments that they belong to. A query reads the page after `$1`, at most `$2`
 * rows created at `$3` or later: `key` for the next page, `kind` of what was found or null, and what to show of it.
 */
export type RecordPart = Exclude<ReconciledPart, ReconciledPart.Outgoing | ReconciledPart.Incoming>;

/** Row of a check. */
export interface CheckedRow {
  key: string;
  kind: FindingKind | null;
  paymentId: string | null;
  subject: string;
  found: string;
  ageS: number;
}

const AGE = `extract(epoch FROM clock_timestamp() - page.created_at)::int AS "ageS"`;

export const RECORD_CHECKS: Readonly<Record<RecordPart, string>> = {
  [ReconciledPart.Invoices]: `
    WITH page AS (
      SELECT * FROM invoices WHERE ($1::uuid IS NULL OR id > $1) AND ($3::timestamptz IS NULL OR created_at >= $3)
      ORDER BY id LIMIT $2
    )
    SELECT page.id::text AS key, coalesce(page.payment_id, paid.payment_id) AS "paymentId", 'invoice ' || page.id AS subject,
      'invoice ' || page.status || ', payment ' || coalesce(named.status, paid.status, 'unknown') AS found, ${AGE},
      CASE
        WHEN page.type = 'product' THEN NULL
        WHEN page.status = 'executed' AND named.status IS DISTINCT FROM 'executed'
          THEN '${FindingKind.InvoicePaidWithoutPayment}'
        WHEN page.status = 'approved' AND (named.status IS NULL
          OR named.status IN ${UNPAID} AND coalesce(named.ended_at, page.created_at) < clock_timestamp() - ${LATE})
          THEN '${FindingKind.InvoiceHeldByEndedPayment}'
        WHEN page.status <> 'executed' AND paid.payment_id IS NOT NULL THEN '${FindingKind.InvoiceUnpaidDespitePayment}'
      END AS kind
    FROM page
    LEFT JOIN receiver_payments AS named ON named.payment_id = page.payment_id
    LEFT JOIN LATERAL (
      SELECT payment_id, status FROM receiver_payments
      WHERE invoice_id = page.id AND status = 'executed' LIMIT 1
    ) AS paid ON true
    ORDER BY page.id`,

  [ReconciledPart.Notifications]: `
    WITH page AS (
      SELECT * FROM invoice_notifications
      WHERE ($1::uuid IS NULL OR id > $1) AND ($3::timestamptz IS NULL OR created_at >= $3)
      ORDER BY id LIMIT $2
    )
    SELECT page.id::text AS key, coalesce(page.payment_id, paid.payment_id) AS "paymentId",
      'notification ' || page.id AS subject,
      'notification ' || page.status || ', payment ' || coalesce(named.status, paid.status, 'unknown') AS found, ${AGE},
      CASE
        WHEN page.status = 'executed' AND page.payment_id IS NOT NULL AND named.status IS DISTINCT FROM 'executed'
          THEN '${FindingKind.NotificationPaidWithoutPayment}'
        WHEN page.status = 'pending' AND page.payment_id IS NOT NULL AND (named.status IS NULL
          OR named.status IN ${UNPAID} AND coalesce(named.ended_at, page.created_at) < clock_timestamp() - ${LATE})
          THEN '${FindingKind.NotificationHeldByEndedPayment}'
        WHEN page.status <> 'executed' AND paid.payment_id IS NOT NULL
          THEN '${FindingKind.NotificationUnpaidDespitePayment}'
      END AS kind
    FROM page
    LEFT JOIN outgoing_payments AS named ON named.payment_id = page.payment_id
    LEFT JOIN LATERAL (
      SELECT payment_id, status FROM outgoing_payments
      WHERE notification_id = page.id AND status = 'executed' LIMIT 1
    ) AS paid ON true
    ORDER BY page.id`,

  [ReconciledPart.Quotes]: `
    WITH page AS (
      SELECT * FROM quotes WHERE ($1::bigint IS NULL OR id > $1) AND ($3::timestamptz IS NULL OR created_at >= $3)
      ORDER BY id LIMIT $2
    )
    SELECT page.id::text AS key, page.payment_id AS "paymentId",
      'quote of the ' || CASE WHEN is_debit THEN 'payer' ELSE 'payee' END AS subject,
      'quote ' || page.status || ', payment ' || coalesce(payment.status, 'unknown') AS found, ${AGE},
      CASE
        WHEN page.status = 'used' AND payment.status IS DISTINCT FROM 'executed'
          THEN '${FindingKind.QuoteUsedWithoutPayment}'
        WHEN page.status = 'reserved' AND (payment.status = 'executed' OR held_at IS NOT NULL AND payment.status IN ${UNPAID})
          THEN '${FindingKind.QuoteReservedAfterPayment}'
        WHEN page.status = 'reserved' AND held_at IS NULL AND page.expires_at < clock_timestamp() - ${LATE}
          THEN '${FindingKind.QuoteOverdue}'
      END AS kind
    FROM page LEFT JOIN LATERAL (
      SELECT status FROM outgoing_payments WHERE is_debit AND payment_id = page.payment_id
      UNION ALL SELECT status FROM receiver_payments WHERE NOT is_debit AND payment_id = page.payment_id
    ) AS payment ON true
    ORDER BY page.id`,

  [ReconciledPart.Limits]: `
    WITH page AS (
      SELECT reserved.*, payment_id::text || ' ' || side AS key, coalesce(payment.status, 'unknown') AS payment_status,
        coalesce(payment.created_at, day::timestamptz) AS created_at
      FROM limit_reservations AS reserved LEFT JOIN LATERAL (
        SELECT status, created_at FROM outgoing_payments WHERE side = 'debit' AND payment_id = reserved.payment_id
        UNION ALL SELECT status, created_at FROM receiver_payments WHERE side = 'credit' AND payment_id = reserved.payment_id
      ) AS payment ON true
      WHERE ($1::text IS NULL
          OR (payment_id, side) > (split_part($1, ' ', 1)::uuid, split_part($1, ' ', 2)))
        AND ($3::timestamptz IS NULL OR day >= $3::date - 1)
      ORDER BY payment_id, side LIMIT $2
    )
    SELECT key, payment_id AS "paymentId", 'limits of ' || side || ' ' || subject AS subject,
      'limits ' || status || ', payment ' || payment_status AS found, ${AGE},
      CASE
        WHEN status = 'confirmed' AND (payment_status IN ('expired', 'failed') OR side = 'debit' AND payment_status = 'unknown')
          THEN '${FindingKind.LimitCountedForFailedPayment}'
        WHEN status = 'released' AND payment_status = 'executed' THEN '${FindingKind.LimitNotCounted}'
        WHEN status = 'reserved' AND (payment_status IN ('executed', 'rejected')
          OR expires_at IS NULL AND payment_status IN ${UNPAID}) THEN '${FindingKind.LimitReservedAfterPayment}'
        WHEN status = 'reserved' AND expires_at < clock_timestamp() - ${LATE} THEN '${FindingKind.LimitOverdue}'
      END AS kind
    FROM page ORDER BY payment_id, side`,

  [ReconciledPart.Counters]: `
    WITH counted AS (
      SELECT subject, side, currency, starts_on AS day, sum(amount) AS amount, sum(count) AS count FROM limit_usage
      WHERE period = 'day' AND transfer_type = '*' AND starts_on >= current_date - 1
      GROUP BY subject, side, currency, starts_on
    ), reserved AS (
      SELECT subject, side, currency, day, sum(amount) AS amount, count(*) AS count FROM limit_reservations
      WHERE status IN ('reserved', 'confirmed') AND day >= current_date - 1
      GROUP BY subject, side, currency, day
    ), page AS (
      SELECT concat_ws(' ', day, side, currency, subject) AS key, day, side, subject,
        coalesce(counted.amount, 0) AS counted, coalesce(reserved.amount, 0) AS reserved,
        coalesce(counted.count, 0) AS count, coalesce(reserved.count, 0) AS reservations, day::timestamptz AS created_at
      FROM counted FULL JOIN reserved USING (subject, side, currency, day)
    )
    SELECT key, NULL AS "paymentId", 'limits of ' || side || ' ' || subject || ' on ' || day AS subject,
      'counted ' || count || ' payments of ' || counted || ', reserved ' || reservations || ' of ' || reserved
        || ' (in the smallest unit)' AS found, ${AGE},
      CASE WHEN counted <> reserved OR count <> reservations THEN '${FindingKind.LimitCounterDiffers}' END AS kind
    FROM page WHERE ($1::text IS NULL OR key > $1) AND ($3::timestamptz IS NULL OR day >= $3::date - 1)
    ORDER BY key LIMIT $2`,
};
