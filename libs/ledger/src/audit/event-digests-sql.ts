/** Events between two stored digests. Part of what a digest is: never change it. */
export const EVENTS_PER_DIGEST = 1_000;

function timeText(time: string): string {
  return `to_char((${time}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/**
 * Each event as a line: what never changes after it, without memos and without content of messages, which are deleted.
 * Part of what a digest is: never change it.
 */
const LINES = `
  SELECT sequence, json_build_array(
    sequence, events.id, transfer_id, events.state, from_account, to_account, amount::text, execution_condition,
    cancellation_condition, ${timeText('expires_at')},
    ${timeText(`CASE events.state WHEN 'proposed' THEN proposed_at WHEN 'prepared' THEN prepared_at
      WHEN 'executed' THEN executed_at WHEN 'rejected' THEN rejected_at END`)},
    CASE WHEN events.state IN ('executed', 'rejected') THEN fulfillment END,
    CASE WHEN events.state = 'rejected' THEN rejection_reason END
  )::text AS line
  FROM events LEFT JOIN transfers ON transfers.id = transfer_id`;

const CHUNK_HASH = `sha256(convert_to(string_agg(line, E'\\n' ORDER BY sequence), 'UTF8'))`;

/** Makes the digest that follows after the one up to event $1, if its events are there. */
export const MAKE_DIGEST = `
  INSERT INTO event_digests (upto, digest, made_at)
  SELECT $1::bigint + ${EVENTS_PER_DIGEST},
    sha256(coalesce((SELECT digest FROM event_digests WHERE upto = $1::bigint), '') || hash), ledger_now()
  FROM (
    SELECT ${CHUNK_HASH} AS hash, count(*) AS events FROM (${LINES}) AS lines
    WHERE sequence > $1::bigint AND sequence <= $1::bigint + ${EVENTS_PER_DIGEST}
  ) AS chunk
  WHERE events = ${EVENTS_PER_DIGEST}
  ON CONFLICT (upto) DO NOTHING`;

/** How far there are events, and digests. */
export const READ_ENDS = `
  SELECT last_sequence AS "lastSequence", coalesce((SELECT max(upto) FROM event_digests), 0) AS "lastDigest"
  FROM ledger_head`;

/** Digest up to event $2, of which $1 is the last one before it that has a stored digest (0: none), as hexadecimal text. */
export const READ_DIGEST = `
  SELECT encode(CASE WHEN hash IS NULL THEN before ELSE sha256(before || hash) END, 'hex') AS digest
  FROM (SELECT coalesce((SELECT digest FROM event_digests WHERE upto = $1::bigint), '') AS before) AS stored, (
    SELECT ${CHUNK_HASH} AS hash FROM (${LINES}) AS lines WHERE sequence > $1::bigint AND sequence <= $2::bigint
  ) AS chunk`;

/** Digests that are not those of the events. */
export const WRONG_DIGESTS = `
  SELECT upto, encode(digest, 'hex') AS digest, encode(due, 'hex') AS due FROM (
    SELECT upto, digest, sha256(lag(digest, 1, '') OVER (ORDER BY upto) || hash) AS due
    FROM event_digests LEFT JOIN (
      SELECT (sequence - 1) / ${EVENTS_PER_DIGEST} AS number, ${CHUNK_HASH} AS hash FROM (${LINES}) AS lines GROUP BY number
    ) AS chunks ON number = upto / ${EVENTS_PER_DIGEST} - 1
  ) AS compared
  WHERE digest IS DISTINCT FROM due`;
