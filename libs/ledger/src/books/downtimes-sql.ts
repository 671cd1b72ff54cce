import type { Statement } from '@level-one/work';
import type { BooksTimes } from './books.js';

/** However long a downtime was, it extends a grace by at most this: a clock that jumps must not hold money for years. */
const EXTENSION_MAX = `interval '7 days'`;

/** Grace of a transfer that has no end of its own, because the release before prepared it. $1: the ledger's grace in ms. */
const OLD_END = `
  expires_at + CASE WHEN account_type IN ('con', 'dfsp') THEN coalesce(grace_s * 1000, $1) ELSE 0 END * interval '1 ms'`;

/**
 * Records the time since the last heartbeat as a downtime, and extends the graces that were running by the part of it
 * that came after their expiry (ruling 39). It counts as a write, so that every instance drops the rows it keeps. Its
 * transaction holds the lock of the head.
 */
const RECORD_DOWNTIME = `
  WITH
    gap AS MATERIALIZED (
      SELECT date_trunc('milliseconds', beat_at) AS began, date_trunc('milliseconds', ledger_now()) AS ended
      FROM ledger_head
    ),
    beat AS (UPDATE ledger_head SET beat_at = ended, writes = writes + 1 FROM gap),
    running AS (
      SELECT transfers.id, expires_at, coalesce(open_until, ${OLD_END}) AS open_until
      FROM transfers JOIN accounts ON name = credit_account, gap
      WHERE state = 'prepared' AND expires_at < ended
    ),
    extended AS (
      UPDATE transfers
      SET open_until = running.open_until + least(ended - greatest(began, running.expires_at), ${EXTENSION_MAX})
      FROM running, gap
      WHERE transfers.id = running.id AND running.open_until > greatest(began, running.expires_at)
      RETURNING transfers.id
    )
  INSERT INTO downtimes (began_at, ended_at, extended) SELECT began, ended, (SELECT count(*) FROM extended) FROM gap
  RETURNING id, began_at AS "beganAt", ended_at AS "endedAt", extended`;

export function recordDowntime({ lateGraceMs }: BooksTimes): Exclude<Statement, string> {
  return { name: 'record-downtime', text: RECORD_DOWNTIME, values: [lateGraceMs] };
}
