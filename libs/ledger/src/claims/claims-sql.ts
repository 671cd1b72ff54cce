/** Columns of a claim under the names of `Claim`. */
export const CLAIM_COLUMNS = `
  transfer_id AS "transferId", creditor, amount::text, fulfillment, statement, claimed_at AS "claimedAt",
  is_automatic AS "isAutomatic", approved_by AS "approvedBy", approved_at AS "approvedAt", account,
  booking_id AS "bookingId", booked_at AS "bookedAt", refused_at AS "refusedAt", refused_by AS "refusedBy", refusal`;

export const LOCK_CLAIM = `SELECT ${CLAIM_COLUMNS} FROM claims WHERE transfer_id = $1 FOR UPDATE`;

/**
 * When transfer $1 was open and the ledger up, as far as it recorded downtimes: all of its time, and what is left of it
 * without them, in ms; and how long ago it ended.
 */
export const OPEN_TIMES = `
  WITH
    life AS (
      SELECT tstzrange(prepared_at, greatest(prepared_at, coalesce(open_until, expires_at))) AS open,
        ledger_now() - rejected_at AS age
      FROM transfers WHERE id = $1
    ),
    down AS (
      SELECT coalesce(range_agg(tstzrange(began_at, ended_at)), '{}'::tstzmultirange) AS ranges
      FROM downtimes, life WHERE tstzrange(began_at, ended_at) && open
    )
  SELECT
    extract(epoch FROM upper(open) - lower(open))::float8 * 1000 AS "openMs",
    extract(epoch FROM age)::float8 * 1000 AS "ageMs",
    coalesce((
      SELECT sum(extract(epoch FROM upper(up) - lower(up)))::float8 * 1000
      FROM unnest(tstzmultirange(open) - ranges) AS up
    ), 0) AS "upMs"
  FROM life, down`;

export const INSERT_CLAIM = `
  INSERT INTO claims (transfer_id, creditor, amount, fulfillment, statement, claimed_at, is_automatic, approved_by,
    approved_at, account, booking_id)
  SELECT $1::uuid, $2::text, $3::bigint, $4::text, $5::text, now, $6::boolean, '{}', CASE WHEN $6 THEN now END,
    CASE WHEN $6 THEN $7::text END, $8::uuid
  FROM ledger_now() AS now`;

export const APPROVE_CLAIM = `
  UPDATE claims SET approved_by = $2::text[], approved_at = CASE WHEN cardinality($2::text[]) >= 2 THEN ledger_now() END,
    account = CASE WHEN cardinality($2::text[]) >= 2 THEN $3::text END
  WHERE transfer_id = $1`;

export const REFUSE_CLAIM = `
  UPDATE claims SET refused_at = ledger_now(), refused_by = $2, refusal = $3 WHERE transfer_id = $1`;

/** What is approved is paid; a claim that could not be paid is tried again. */
export const APPROVED_CLAIMS = `
  SELECT ${CLAIM_COLUMNS} FROM claims WHERE approved_at IS NOT NULL AND booked_at IS NULL AND refused_at IS NULL
  ORDER BY claimed_at, transfer_id LIMIT $1`;

export const MARK_BOOKED = `
  UPDATE claims SET booked_at = ledger_now() WHERE transfer_id = $1 AND booked_at IS NULL`;

/** $1: only open ones, $2: after this transfer's claim, $3: at most so many. Oldest first. */
export const LIST_CLAIMS = `
  SELECT ${CLAIM_COLUMNS} FROM claims
  WHERE (NOT $1::boolean OR (booked_at IS NULL AND refused_at IS NULL))
    AND ($2::uuid IS NULL
      OR (claimed_at, transfer_id) > (SELECT claimed_at, transfer_id FROM claims WHERE transfer_id = $2))
  ORDER BY claimed_at, transfer_id LIMIT $3`;
