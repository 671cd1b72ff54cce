import { ACCOUNT_COLUMNS, CHARGE_COLUMNS, SCHEME_CHARGE_COLUMNS, TRANSFER_COLUMNS } from './rows.js';
import { SCHEME_FEES_ACCOUNT } from './scheme-charge.entity.js';

/** Waits for this writer's turn. Whoever has locked the one row of `ledger_head` is the only writer of the ledger. */
export const BEGIN = 'BEGIN; SELECT last_sequence FROM ledger_head FOR UPDATE';

/**
 * What a batch touches, as one JSON document: the transfers named ($1), their charges, and the accounts named ($2) or
 * part of either. It is a statement of its own, because only then it sees what was committed while the lock was
 * waited for; and so the clock is read once the lock is won.
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
    (SELECT json_agg(scheme) FROM scheme) AS tariff,
    (SELECT json_agg(found) FROM (SELECT ${ACCOUNT_COLUMNS} FROM names JOIN accounts USING (name)) AS found) AS accounts`;

export const WRITE_ACCOUNT = `
  INSERT INTO accounts
    (name, posted, held, minimum_allowed_balance, position_base, net_debit_cap, closed_at, is_disabled, account_type,
     connector, rights, password_hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT (name) DO UPDATE SET
    posted = excluded.posted, held = excluded.held, minimum_allowed_balance = excluded.minimum_allowed_balance,
    position_base = excluded.position_base, net_debit_cap = excluded.net_debit_cap, closed_at = excluded.closed_at,
    is_disabled = excluded.is_disabled, account_type = excluded.account_type, connector = excluded.connector,
    rights = excluded.rights, password_hash = excluded.password_hash`;

/**
 * Everything a batch changed, in one statement, and a word to the other instances of the ledger. Each parameter is a JSON array with an object for each row, but for
 * $4, the transfers whose holds end, $12, those whose charges were waiting for them, $8, the number of the newest event before, $9, the time, and $11, who writes. The database checks
 * every floor again.
 */
export const WRITE = `
  WITH inserted_transfers AS (
    INSERT INTO transfers (
      id, debit_account, credit_account, amount, debit_memo, credit_memo, additional_info, execution_condition,
      cancellation_condition, expires_at, state, authorized, proposed_at, prepared_at, executed_at, rejected_at,
      rejection_reason, rejection_message, fulfillment)
    SELECT
      id, "debitAccount", "creditAccount", amount, "debitMemo", "creditMemo", "additionalInfo", "executionCondition",
      "cancellationCondition", "expiresAt", state, authorized, "proposedAt", "preparedAt", "executedAt", "rejectedAt",
      "rejectionReason", "rejectionMessage", fulfillment
    FROM json_to_recordset($1) AS new (
      id uuid, "debitAccount" text, "creditAccount" text, amount bigint, "debitMemo" json, "creditMemo" json,
      "additionalInfo" json, "executionCondition" text, "cancellationCondition" text, "expiresAt" timestamptz,
      state text, authorized boolean, "proposedAt" timestamptz, "preparedAt" timestamptz, "executedAt" timestamptz,
      "rejectedAt" timestamptz, "rejectionReason" text, "rejectionMessage" json, fulfillment text)
  ), updated_transfers AS (
    UPDATE transfers SET
      state = changed.state, authorized = changed.authorized, prepared_at = changed."preparedAt",
      executed_at = changed."executedAt", rejected_at = changed."rejectedAt",
      rejection_reason = changed."rejectionReason", rejection_message = changed."rejectionMessage",
      fulfillment = changed.fulfillment
    FROM json_to_recordset($2) AS changed (
      id uuid, state text, authorized boolean, "preparedAt" timestamptz, "executedAt" timestamptz,
      "rejectedAt" timestamptz, "rejectionReason" text, "rejectionMessage" json, fulfillment text)
    WHERE transfers.id = changed.id
  ), updated_accounts AS (
    UPDATE accounts SET posted = changed.posted, held = changed.held, position_base = changed."positionBase"
    FROM json_to_recordset($3) AS changed (name text, posted bigint, held bigint, "positionBase" bigint)
    WHERE accounts.name = changed.name
  ), closed_holds AS (
    DELETE FROM holds WHERE transfer_id = ANY($4::uuid[])
  ), written_holds AS (
    INSERT INTO holds (transfer_id, account, amount)
    SELECT "transferId", account, amount
    FROM json_to_recordset($5) AS held ("transferId" uuid, account text, amount bigint)
    ON CONFLICT (transfer_id, account) DO UPDATE SET amount = excluded.amount
  ), inserted_charges AS (
    INSERT INTO charges (transfer_id, position, debit_account, credit_account, amount, kind, is_waiting, put_at)
    SELECT "transferId", position, "debitAccount", "creditAccount", amount, kind, "isWaiting", $9::timestamptz
    FROM json_to_recordset($6) AS charge (
      "transferId" uuid, position smallint, "debitAccount" text, "creditAccount" text, amount bigint, kind text,
      "isWaiting" boolean)
  ), met_charges AS (
    UPDATE charges SET is_waiting = false WHERE transfer_id = ANY($12::uuid[])
  ), inserted_entries AS (
    INSERT INTO entries (transfer_id, account, amount, balance, kind, booked_at)
    SELECT "transferId", account, amount, balance, kind, $9::timestamptz
    FROM ROWS FROM (
      json_to_recordset($7) AS ("transferId" uuid, account text, amount bigint, balance bigint, kind text)
    ) WITH ORDINALITY AS entry ("transferId", account, amount, balance, kind, position)
    ORDER BY position
  ), inserted_events AS (
    INSERT INTO events (sequence, id, transfer_id, state, message)
    SELECT $8::bigint + position, id, "transferId", state, message
    FROM ROWS FROM (
      json_to_recordset($10) AS (id uuid, "transferId" uuid, state text, message json)
    ) WITH ORDINALITY AS event (id, "transferId", state, message, position)
  )
  UPDATE ledger_head SET last_sequence = $8::bigint + json_array_length($10::json)
  RETURNING pg_notify('ledger_events', current_schema() || ' ' || $11)`;
