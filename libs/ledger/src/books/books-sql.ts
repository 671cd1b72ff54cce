import { ACCOUNT_COLUMNS } from '../schema/account-columns.js';
import { CHARGE_COLUMNS, SCHEME_CHARGE_COLUMNS, TRANSFER_COLUMNS } from '../schema/rows.js';
import { SCHEME_FEES_ACCOUNT } from '../schema/scheme-charge.entity.js';

/**
 * Locks the one row of `ledger_head`. Its holder is the only writer of the ledger. `was_down`: no instance wrote for
 * longer than `downtimeMs`.
 */
export function beginSql(downtimeMs: number): string {
  return `
    BEGIN;
    SELECT last_sequence, writes, beat_at < ledger_now() - ${downtimeMs} * interval '1 ms' AS was_down
    FROM ledger_head FOR UPDATE`;
}

/**
 * The rows that a batch touches as JSON: the transfers with ids $1, which of those ids are void, their charges,
 * the accounts named $2 and the accounts of both. It runs after {@link beginSql} as a statement of its own, so that it sees all commits before the lock,
 * and reads the clock once the lock is held.
 */
export const OPEN = `
  WITH
    touched AS MATERIALIZED (SELECT ${TRANSFER_COLUMNS} FROM transfers WHERE id = ANY($1::uuid[])),
    charged AS MATERIALIZED (
      SELECT ${CHARGE_COLUMNS} FROM charges WHERE transfer_id = ANY($1::uuid[]) ORDER BY transfer_id, position
    ),
    scheme AS MATERIALIZED (SELECT ${SCHEME_CHARGE_COLUMNS} FROM scheme_charges WHERE is_active ORDER BY name),
    names AS (
      SELECT unnest($2::text[]) AS name
      UNION SELECT "debitAccount" FROM touched UNION SELECT "creditAccount" FROM touched
      UNION SELECT "debitAccount" FROM charged UNION SELECT "creditAccount" FROM charged
      UNION SELECT '${SCHEME_FEES_ACCOUNT}' FROM scheme
    )
  SELECT ledger_now() AS now,
    (SELECT json_agg(touched) FROM touched) AS transfers,
    (SELECT json_agg(charged) FROM charged) AS charges,
    (SELECT json_agg(json_build_array(id, debit_account)) FROM voided_transfers WHERE id = ANY($1::uuid[])) AS voided,
    (SELECT json_agg(scheme) FROM scheme) AS tariff,
    (SELECT json_agg(found) FROM (SELECT ${ACCOUNT_COLUMNS} FROM names JOIN accounts USING (name)) AS found) AS accounts`;
