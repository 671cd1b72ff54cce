import { ReservationStatus } from './limit-reservation-status.js';

/** Columns of a reservation's content. */
export const CONTENT = `subject, side, currency, transfer_type AS "transferType", amount, pool,
  day::text, week::text, month::text`;

/** Claims a payment: of parallel requests for one payment only one gets a row, and only if it is not counted yet. */
export const CLAIM = `
  INSERT INTO limit_reservations AS known
    (payment_id, side, status, subject, transfer_type, amount, currency, day, week, month, expires_at, pool)
  SELECT $1, $2, '${ReservationStatus.Reserved}', $3, $4, $5, $6,
    local::date, date_trunc('week', local)::date, date_trunc('month', local)::date, $7, $10
  FROM (SELECT coalesce($8::timestamptz, clock_timestamp()) AT TIME ZONE $9 AS local) AS clock
  ON CONFLICT (payment_id, side) DO UPDATE
    SET status = excluded.status, expires_at = excluded.expires_at,
      day = excluded.day, week = excluded.week, month = excluded.month, pool = excluded.pool
    WHERE known.status = '${ReservationStatus.Released}'
      AND (known.subject, known.transfer_type, known.amount, known.currency)
        = (excluded.subject, excluded.transfer_type, excluded.amount, excluded.currency)
  RETURNING ${CONTENT}`;

/** Maximum count of one period, in minor units, whatever the limits. With one more amount it fits into 64 bits. */
export const USED_MAX = 8_000_000_000_000_000_000n;

/**
 * Adds a payment to its counters, always in the same order, each only within its limit. A full counter returns no row
 * but is locked, so a read after this finds the counter that refused the payment. Without a limit, for a payment that
 * was promised, a counter stops at its maximum.
 */
export const COUNT = `
  WITH counter AS (
    SELECT * FROM unnest($5::text[], $6::text[], $7::date[], $9::bigint[], $10::int[])
      AS counter (transfer_type, period, starts_on, max_amount, max_count)
  )
  INSERT INTO limit_usage AS used (subject, side, currency, transfer_type, period, starts_on, amount, count, pool)
  SELECT $1, $2, $3, transfer_type, period, starts_on, $4::bigint, 1, $8 FROM counter
  ORDER BY transfer_type, period
  ON CONFLICT (subject, side, currency, transfer_type, period, starts_on, pool) DO UPDATE
    SET amount = least(used.amount::numeric + excluded.amount, 9223372036854775807), count = used.count + 1
    WHERE NOT EXISTS (
      SELECT FROM counter
      WHERE counter.transfer_type = used.transfer_type AND counter.period = used.period
        AND (used.amount::numeric + excluded.amount > counter.max_amount OR used.count + 1 > counter.max_count)
    )
  RETURNING transfer_type AS "transferType", period, amount, count`;

/** Subtracts a payment from its counters, always in the same order. */
export const UNCOUNT = `
  WITH counter AS MATERIALIZED (
    SELECT usage.* FROM limit_usage AS usage
    JOIN unnest($5::text[], $6::text[], $7::date[]) AS counter (transfer_type, period, starts_on)
      USING (transfer_type, period, starts_on)
    WHERE (subject, side, currency, pool) = ($1, $2, $3, $8)
    ORDER BY transfer_type, period
    FOR UPDATE OF usage
  )
  UPDATE limit_usage AS used SET amount = used.amount - $4::bigint, count = used.count - 1
  FROM counter
  WHERE (used.subject, used.side, used.currency, used.transfer_type, used.period, used.starts_on, used.pool)
    = (counter.subject, counter.side, counter.currency, counter.transfer_type, counter.period, counter.starts_on,
      counter.pool)`;
