import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Maximum count of one period, in minor units, whatever the limits. With one more amount it fits into 64 bits. */
const USED_MAX = '8000000000000000000';

/** Key and period of each counter of a payment: each period, of its type and of all types. */
const COUNTERS = `
  SELECT place, period, CASE WHEN of_all THEN '*' ELSE payment.transfer_type END AS transfer_type,
    CASE period WHEN 'day' THEN payment.day WHEN 'week' THEN payment.week ELSE payment.month END AS starts_on
  FROM (VALUES (0, 'day', false), (1, 'day', true), (2, 'week', false), (3, 'week', true),
    (4, 'month', false), (5, 'month', true)) AS places (place, period, of_all)`;
const KEY = 'subject, side, currency, transfer_type, period, starts_on, pool';

/**
 * Counts a payment in the pool of its reservation, always in the same order of counters, so that payments wait for each
 * other and never in a circle. A counter stops at the maximum of its column.
 *
 * `bounds` has what is allowed at most at the place of each counter, as `{ "maxAmount", "maxCount" }`; null: anything.
 * Each counter is compared under the lock of its row, with this payment in it. In the pool of a DFSP, the payments that
 * have begun count as well.
 */
const COUNT_PAYMENT = `
  CREATE FUNCTION count_payment(payment limit_reservations, bounds jsonb) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    excess record;
  BEGIN
    WITH counter AS (${COUNTERS}),
    counted AS (
      INSERT INTO limit_usage AS used (${KEY}, amount, count)
      SELECT payment.subject, payment.side, payment.currency, transfer_type, period, starts_on, payment.pool,
        payment.amount, 1
      FROM counter ORDER BY transfer_type, period
      ON CONFLICT (${KEY}) DO UPDATE
        SET amount = least(used.amount::numeric + excluded.amount, 9223372036854775807), count = used.count + 1
      RETURNING transfer_type, period, amount, count
    )
    SELECT place, CASE WHEN is_amount THEN 'amount' ELSE 'count' END AS what INTO excess FROM (
      SELECT place,
        counted.amount
          > coalesce((bounds -> place ->> 'maxAmount')::numeric - coalesce(firm.amount, 0), ${USED_MAX}) AS is_amount,
        counted.count > (bounds -> place ->> 'maxCount')::int - coalesce(firm.count, 0) AS is_count
      FROM counter
      JOIN counted USING (transfer_type, period)
      LEFT JOIN limit_usage AS firm ON payment.pool <> '' AND firm.pool = ''
        AND (firm.subject, firm.side, firm.currency, firm.transfer_type, firm.period, firm.starts_on)
          = (payment.subject, payment.side, payment.currency, counter.transfer_type, counter.period, counter.starts_on)
      WHERE bounds IS NOT NULL
    ) AS sums WHERE is_amount OR is_count ORDER BY place LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'LV001', MESSAGE = 'A limit is exceeded', DETAIL = excess.place || ' ' || excess.what;
    END IF;
  END $$`;

/** Counts a payment no longer, in the same order. It is an insert because this finds a counter in any case. */
const UNCOUNT_PAYMENT = `
  CREATE FUNCTION uncount_payment(payment limit_reservations) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO limit_usage AS used (${KEY}, amount, count)
    SELECT payment.subject, payment.side, payment.currency, transfer_type, period, starts_on, payment.pool, 0, 0
    FROM (${COUNTERS}) AS counter ORDER BY transfer_type, period
    ON CONFLICT (${KEY}) DO UPDATE SET amount = used.amount - payment.amount, count = used.count - 1;
  END $$`;

/**
 * Reserves a payment: of parallel requests for one payment only one is counted, and only if it is not counted yet.
 *
 * `request` has the members of \`Limits.reservationOf\`; null: the payment does not count. `isRefused`: the payment alone
 * is more or less than allowed; only a payment that is counted already may be repeated then.
 */
const RESERVE_LIMITS = `
  CREATE FUNCTION reserve_limits(request jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE
    moment timestamp := coalesce((request ->> 'at')::timestamptz, clock_timestamp()) AT TIME ZONE (request ->> 'timeZone');
    known limit_reservations;
    counts boolean;
  BEGIN
    IF request IS NULL THEN
      RETURN true;
    END IF;
    INSERT INTO limit_reservations AS reservation
      (payment_id, side, status, subject, transfer_type, amount, currency, day, week, month, expires_at, pool)
    VALUES ((request ->> 'paymentId')::uuid, request ->> 'side', 'reserved', request ->> 'subject',
      request ->> 'transferType', (request ->> 'amount')::bigint, request ->> 'currency', moment::date,
      date_trunc('week', moment)::date, date_trunc('month', moment)::date, (request ->> 'expiresAt')::timestamptz,
      request ->> 'pool')
    ON CONFLICT (payment_id, side) DO UPDATE
      SET status = excluded.status, expires_at = excluded.expires_at,
        day = excluded.day, week = excluded.week, month = excluded.month, pool = excluded.pool
      WHERE reservation.status = 'released'
        AND (reservation.subject, reservation.transfer_type, reservation.amount, reservation.currency)
          = (excluded.subject, excluded.transfer_type, excluded.amount, excluded.currency)
    RETURNING * INTO known;
    counts := FOUND;
    IF counts AND (request ->> 'isRefused')::boolean THEN
      RAISE EXCEPTION USING ERRCODE = 'LV001', MESSAGE = 'A limit is exceeded', DETAIL = 'payment';
    ELSIF counts THEN
      PERFORM count_payment(known, request -> 'bounds');
      RETURN true;
    END IF;
    SELECT * INTO STRICT known FROM limit_reservations
    WHERE payment_id = (request ->> 'paymentId')::uuid AND side = request ->> 'side';
    IF (known.subject, known.transfer_type, known.amount, known.currency)
      <> (request ->> 'subject', request ->> 'transferType', (request ->> 'amount')::bigint, request ->> 'currency')
    THEN
      RAISE EXCEPTION USING ERRCODE = 'LV002', MESSAGE = 'The payment is reserved with other content',
        DETAIL = jsonb_build_object('subject', known.subject, 'transferType', known.transfer_type,
          'amount', known.amount::text, 'currency', known.currency);
    END IF;
    RETURN true;
  END $$`;

/**
 * Moves a reservation, and answers whether it was moved. A confirmed one does not move; all others do, but for a
 * released one that is released.
 *
 * `reserved` keeps the reservation of a payment that begins: it no longer expires, and counts for all. In the pool of a
 * DFSP it must fit beside all payments that have begun, by `bounds` as in `count_payment`. One that counted for all was
 * promised, and is counted whatever the limits are; so is one that is `confirmed`.
 */
const MOVE_LIMITS = `
  CREATE FUNCTION move_limits(of_payment uuid, of_side text, wanted text, bounds jsonb) RETURNS boolean
  LANGUAGE plpgsql AS $$
  DECLARE
    known limit_reservations;
    moved limit_reservations;
  BEGIN
    SELECT * INTO known FROM limit_reservations
    WHERE payment_id = of_payment AND side = of_side AND status <> 'confirmed'
      AND NOT (status = 'released' AND wanted = 'released')
    FOR UPDATE;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    UPDATE limit_reservations SET status = wanted,
      pool = CASE wanted WHEN 'released' THEN pool ELSE '' END,
      expires_at = CASE wanted WHEN 'reserved' THEN NULL ELSE expires_at END
    WHERE payment_id = of_payment AND side = of_side
    RETURNING * INTO moved;
    IF known.status = 'reserved' AND (wanted = 'released' OR known.pool <> '') THEN
      PERFORM uncount_payment(known);
    END IF;
    IF wanted <> 'released' AND (known.status = 'released' OR known.pool <> '') THEN
      PERFORM count_payment(moved, CASE WHEN wanted = 'reserved' AND known.pool <> '' THEN bounds END);
    END IF;
    RETURN true;
  END $$`;

/**
 * Reserves, keeps and ends the limits of a payment in the statement that moves the payment. Each statement inside these
 * functions sees what was committed before it, also what the moving statement waited for.
 *
 * `refuse_payment` stays: instances of the release before still call it while they run beside this one.
 */
export class MoveLimits1796400002900 implements MigrationInterface {
  readonly name = 'MoveLimits1796400002900';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [COUNT_PAYMENT, UNCOUNT_PAYMENT, RESERVE_LIMITS, MOVE_LIMITS])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION move_limits(uuid, text, text, jsonb)');
    await runner.query('DROP FUNCTION reserve_limits(jsonb)');
    await runner.query('DROP FUNCTION uncount_payment(limit_reservations)');
    await runner.query('DROP FUNCTION count_payment(limit_reservations, jsonb)');
  }
}
