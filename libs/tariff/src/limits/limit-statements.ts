import { LIMIT_PERIODS, LimitPeriod } from './limit-period.js';
import { ReservationStatus, reservationStatusesBefore } from './limit-reservation-status.js';
import { ANY_TYPE, FIRM } from './limit-usage.entity.js';

/** Maximum count of one period, in minor units, whatever the limits. With one more amount it fits into 64 bits. */
export const USED_MAX = 8_000_000_000_000_000_000n;
/** SQLSTATE of a payment that exceeds a limit. The detail is the place of its counter, from 1, and what is exceeded. */
export const LIMIT_EXCEEDED = 'LV001';

/** What a statement found, and what a payment was reserved with. */
export interface ReservationFound {
  /** Whether this statement moved the reservation. */
  isMoved: boolean;
  /** Null: there is none, or it is newer than the statement. */
  status: ReservationStatus | null;
  subject: string;
  transferType: string;
  currency: string;
  /** Minor units. */
  amount: string;
  pool: string;
}

/** Counters of a payment, in the order of their limits: each period, of its type and of all types. */
const COUNTER_PLACES = LIMIT_PERIODS.flatMap((period) => [`'${period}', false`, `'${period}', true`])
  .map((counter, index) => `(${index + 1}, ${counter})`)
  .join(', ');
const COUNTER_KEY = 'subject, side, currency, transfer_type, period, starts_on';

/** Counters of the reservations in `source`, `pool` being the pool that they count in. */
function countersOf(source: string): string {
  return `
    SELECT place, subject, side, currency, amount, status, pool, period,
      CASE WHEN of_all THEN '${ANY_TYPE}' ELSE transfer_type END AS transfer_type,
      CASE period WHEN '${LimitPeriod.Day}' THEN day WHEN '${LimitPeriod.Week}' THEN week ELSE month END AS starts_on
    FROM ${source}, (VALUES ${COUNTER_PLACES}) AS places (place, period, of_all)`;
}

/** Adds payments to counters, always in the same order. A counter stops at the maximum of its column. */
function count(pool: string, condition: string): string {
  return `
    INSERT INTO limit_usage AS used (${COUNTER_KEY}, pool, amount, count)
    SELECT ${COUNTER_KEY}, ${pool}, amount, 1 FROM counter WHERE ${condition} ORDER BY transfer_type, period
    ON CONFLICT (${COUNTER_KEY}, pool) DO UPDATE
      SET amount = least(used.amount::numeric + excluded.amount, 9223372036854775807), count = used.count + 1
    RETURNING transfer_type, period, amount, count`;
}

/**
 * Subtracts payments from counters, always in the same order. It is an insert because this finds a counter in any case,
 * also one that is newer than the statement.
 */
function uncount(condition: string): string {
  return `
    INSERT INTO limit_usage AS used (${COUNTER_KEY}, pool, amount, count)
    SELECT ${COUNTER_KEY}, pool, 0, 0 FROM counter WHERE ${condition} ORDER BY transfer_type, period
    ON CONFLICT (${COUNTER_KEY}, pool) DO UPDATE
      SET amount = used.amount - (SELECT amount FROM before), count = used.count - 1
    RETURNING 1`;
}

/**
 * Refuses the whole statement if a counter is above its limit, as it is with this payment, under the lock of its row.
 *
 * @param amounts limits of the counters, null: {@link USED_MAX}
 * @param isPooled condition on which the payments that have begun count as well
 * @param when condition on which limits apply
 */
function refuse({ amounts, counts, isPooled, when }: Record<'amounts' | 'counts' | 'isPooled' | 'when', string>) {
  return `
    SELECT refuse_payment(place, CASE WHEN is_amount THEN 'amount' ELSE 'count' END) FROM (
      SELECT place, counted.amount > coalesce(most.amount - coalesce(firm.amount, 0), ${USED_MAX}) AS is_amount,
        counted.count > most.count - coalesce(firm.count, 0) AS is_count
      FROM counter
      JOIN counted USING (transfer_type, period)
      JOIN unnest(${amounts}::numeric[], ${counts}::int[]) WITH ORDINALITY AS most (amount, count, place) USING (place)
      LEFT JOIN limit_usage AS firm ON ${isPooled} AND firm.pool = '${FIRM}'
        AND (firm.subject, firm.side, firm.currency, firm.transfer_type, firm.period, firm.starts_on)
          = (counter.subject, counter.side, counter.currency, counter.transfer_type, counter.period, counter.starts_on)
      WHERE ${when}
    ) AS sums WHERE is_amount OR is_count ORDER BY place LIMIT 1`;
}

const FOUND = `known.status, known.subject, known.transfer_type AS "transferType", known.currency, known.amount, known.pool`;

/**
 * Reserves a payment: of parallel requests for one payment only one is counted, and only if it is not counted yet.
 * Reservations in the pool of a DFSP have the room that payments which have begun leave.
 *
 * $1 payment, $2 side, $3 subject, $4 type, $5 amount, $6 currency, $7 expiry, $8 time or null, $9 time zone, $10 pool;
 * $11 maximum amounts and $12 maximum numbers of its counters.
 */
export const RESERVE = `
  WITH claimed AS (
    INSERT INTO limit_reservations AS known
      (payment_id, side, status, subject, transfer_type, amount, currency, day, week, month, expires_at, pool)
    SELECT $1::uuid, $2, '${ReservationStatus.Reserved}', $3, $4, $5::bigint, $6,
      local::date, date_trunc('week', local)::date, date_trunc('month', local)::date, $7::timestamptz, $10
    FROM (SELECT coalesce($8::timestamptz, clock_timestamp()) AT TIME ZONE $9 AS local) AS clock
    ON CONFLICT (payment_id, side) DO UPDATE
      SET status = excluded.status, expires_at = excluded.expires_at,
        day = excluded.day, week = excluded.week, month = excluded.month, pool = excluded.pool
      WHERE known.status = '${ReservationStatus.Released}'
        AND (known.subject, known.transfer_type, known.amount, known.currency)
          = (excluded.subject, excluded.transfer_type, excluded.amount, excluded.currency)
    RETURNING *
  ),
  counter AS (${countersOf('claimed')}),
  counted AS (${count('pool', 'true')})
  SELECT EXISTS (SELECT FROM claimed) AS "isMoved", ${FOUND},
    (${refuse({ amounts: '$11', counts: '$12', isPooled: `$10 <> '${FIRM}'`, when: 'true' })})
  FROM (SELECT 1) AS one LEFT JOIN limit_reservations AS known ON (known.payment_id, known.side) = ($1::uuid, $2)`;

/** What moves a reservation, by the row before, which is locked. */
interface Move {
  to: ReservationStatus;
  from?: readonly ReservationStatus[];
  /** Further condition. */
  when?: string;
  /** Further columns that are set. */
  set: string;
  /** Condition on which it no longer counts where it did; it was counted unless it had been released. */
  leaves: string;
  /** Condition on which it counts for all from now on. */
  counts: string;
  /** Scalar that refuses the statement. */
  refusal?: string;
}

function move({ to, from = reservationStatusesBefore(to), when = 'true', set, leaves, counts, refusal }: Move): string {
  return `
  WITH before AS MATERIALIZED (
    SELECT * FROM limit_reservations
    WHERE payment_id = $1 AND side = $2 AND status IN (${from.map((status) => `'${status}'`).join(', ')}) AND ${when}
    FOR UPDATE
  ),
  moved AS (
    UPDATE limit_reservations AS reservation SET status = '${to}'${set}
    FROM before WHERE (reservation.payment_id, reservation.side) = (before.payment_id, before.side)
  ),
  counter AS (${countersOf('before')}),
  uncounted AS (${uncount(`status <> '${ReservationStatus.Released}' AND ${leaves}`)}),
  counted AS (${count(`'${FIRM}'`, `${counts} AND (SELECT count(*) FROM uncounted) >= 0`)})
  SELECT EXISTS (SELECT FROM before) AS "isMoved", ${FOUND}${refusal === undefined ? '' : `, (${refusal})`}
  FROM limit_reservations AS known WHERE payment_id = $1 AND side = $2`;
}

const IN_A_POOL = `pool <> '${FIRM}'`;
const COUNTS_ANEW = `(status = '${ReservationStatus.Released}' OR ${IN_A_POOL})`;

/**
 * Keeps the reservation of a payment that has begun. In the pool of a DFSP it must fit beside all that have begun; else
 * it was promised, and counts whatever the limits are.
 *
 * $1 payment, $2 side; $3 whether to move one in a pool, with $4 maximum amounts and $5 maximum numbers.
 */
export const KEEP = move({
  to: ReservationStatus.Reserved,
  from: [ReservationStatus.Reserved, ReservationStatus.Released],
  when: `($3 OR pool = '${FIRM}')`,
  set: `, expires_at = NULL, pool = '${FIRM}'`,
  leaves: IN_A_POOL,
  counts: COUNTS_ANEW,
  refusal: refuse({ amounts: '$4', counts: '$5', isPooled: 'false', when: `counter.${IN_A_POOL}` }),
});

/** Counts an executed payment finally, whatever the limits are. $1 payment, $2 side. */
export const CONFIRM = move({
  to: ReservationStatus.Confirmed,
  set: `, pool = '${FIRM}'`,
  leaves: IN_A_POOL,
  counts: COUNTS_ANEW,
});

const RELEASED = { to: ReservationStatus.Released, set: '', leaves: 'true', counts: 'false' } as const;

/** Counts a payment no longer. $1 payment, $2 side. */
export const RELEASE = move(RELEASED);

/** The same, if its reservation has expired. $1 payment, $2 side. */
export const RELEASE_OVERDUE = move({ ...RELEASED, when: 'expires_at <= clock_timestamp()' });

/** Lets a kept reservation expire. $1 payment, $2 side, $3 when. */
export const RESTORE_EXPIRY = `
  UPDATE limit_reservations SET expires_at = $3
  WHERE payment_id = $1 AND side = $2 AND status = '${ReservationStatus.Reserved}'`;

/** Use of a subject's limits in the periods of a time. $1 subject, $2 side, $3 currency, $4 time or null, $5 time zone. */
export const FIND_USES = `
  SELECT transfer_type AS "transferType", period, starts_on::text AS "startsOn",
    sum(amount)::text AS amount, sum(count)::int AS count
  FROM limit_usage, (SELECT coalesce($4::timestamptz, clock_timestamp()) AT TIME ZONE $5 AS local) AS clock
  WHERE (subject, side, currency) = ($1, $2, $3) AND count > 0 AND starts_on = date_trunc(period, local)::date
  GROUP BY transfer_type, period, starts_on
  ORDER BY transfer_type, period`;
