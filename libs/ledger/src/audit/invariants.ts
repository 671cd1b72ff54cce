import { inLongTransaction } from '@level-one/work';
import type { DataSource } from 'typeorm';
import { ISSUANCE_ACCOUNT } from '../books/books.js';
import { WRONG_DIGESTS } from './event-digests-sql.js';
import { MAKES_POSITIONS, POSITION_SUMS } from '../settlement/positions.js';

/** One row that breaks an invariant. */
export interface Violation {
  invariant: string;
  row: Record<string, unknown>;
}

const VIOLATIONS_MAX = 100;

/** Rules that hold at every moment, by name. Each query finds the rows that break its rule. */
export const INVARIANTS: Readonly<Record<string, string>> = {
  'every transfer sums to zero': `
    SELECT transfer_id, sum(amount) FROM entries GROUP BY transfer_id HAVING sum(amount) <> 0`,

  'an executed transfer has moved its amount and its charges, any other nothing': `
    SELECT transfers.id, state, moved.entries
    FROM (
      SELECT *, CASE
        WHEN EXISTS (SELECT FROM settlement_confirmations WHERE transfer_id = transfers.id) THEN 'settlement'
        WHEN '${ISSUANCE_ACCOUNT}' IN (debit_account, credit_account) THEN 'issuance'
        ELSE 'transfer'
      END AS kind_of FROM transfers
    ) AS transfers
    LEFT JOIN (
      SELECT transfer_id, jsonb_agg(jsonb_build_array(account, amount, kind) ORDER BY id) AS entries
      FROM entries GROUP BY transfer_id
    ) AS moved ON moved.transfer_id = transfers.id
    LEFT JOIN (
      SELECT transfer_id, jsonb_agg(jsonb_build_array(account, moves, kind) ORDER BY position, moves) AS entries
      FROM charges, LATERAL (VALUES (debit_account, -amount), (credit_account, amount)) AS side (account, moves)
      GROUP BY transfer_id
    ) AS charged ON charged.transfer_id = transfers.id
    WHERE moved.entries IS DISTINCT FROM CASE WHEN state = 'executed' THEN
      jsonb_build_array(
        jsonb_build_array(debit_account, -amount, kind_of),
        jsonb_build_array(credit_account, amount, kind_of)
      ) || coalesce(charged.entries, '[]') END`,

  'posted is the sum of the entries': `
    SELECT name, posted, coalesce(sum(amount), 0) AS entries
    FROM accounts LEFT JOIN entries ON account = name
    GROUP BY name HAVING posted <> coalesce(sum(amount), 0)`,

  'every entry carries the balance it left': `
    SELECT id, account, balance, entries FROM (
      SELECT id, account, balance, sum(amount) OVER (PARTITION BY account ORDER BY id) AS entries FROM entries
    ) AS running
    WHERE balance <> entries`,

  'held is the sum of the open holds': `
    SELECT name, held, coalesce(sum(amount), 0) AS holds
    FROM accounts LEFT JOIN holds ON account = name
    GROUP BY name HAVING held <> coalesce(sum(amount), 0)`,

  'exactly the prepared transfers hold what they and their charges take': `
    SELECT transfer_id, account, due.amount AS due, holds.amount AS held
    FROM (
      SELECT transfer_id, account,
        sum(out) - CASE WHEN account = credit_account AND account <> debit_account THEN max(amount) ELSE 0 END AS amount
      FROM (
        SELECT transfers.id AS transfer_id, transfers.debit_account, transfers.credit_account, transfers.amount,
          side.account, side.out
        FROM transfers, LATERAL (
          SELECT transfers.debit_account, transfers.amount
          UNION ALL
          SELECT charges.debit_account, charges.amount FROM charges WHERE transfer_id = transfers.id
        ) AS side (account, out)
        WHERE state = 'prepared'
      ) AS outflow
      GROUP BY transfer_id, account, debit_account, credit_account
    ) AS due
    FULL JOIN holds USING (transfer_id, account)
    WHERE greatest(coalesce(due.amount, 0), 0) <> coalesce(holds.amount, 0)`,

  'no account is below its floor': `
    SELECT name, posted, held, minimum_allowed_balance FROM accounts
    WHERE posted - held < minimum_allowed_balance`,

  'entries, holds and events belong to accounts and transfers that are there': `
    SELECT 'entries' AS orphan, account, transfer_id FROM entries
    LEFT JOIN accounts ON name = account LEFT JOIN transfers ON transfers.id = transfer_id
    WHERE name IS NULL OR transfers.id IS NULL
    UNION ALL
    SELECT 'holds', account, transfer_id FROM holds
    LEFT JOIN accounts ON name = account LEFT JOIN transfers ON transfers.id = transfer_id
    WHERE name IS NULL OR transfers.id IS NULL
    UNION ALL
    SELECT 'events', NULL, transfer_id FROM events LEFT JOIN transfers ON transfers.id = transfer_id
    WHERE transfer_id IS NOT NULL AND transfers.id IS NULL`,

  'no transfer and no charge has an id that is void': `
    SELECT voided.id, voided.debit_account FROM voided_transfers AS voided
    WHERE EXISTS (
        SELECT FROM transfers
        WHERE transfers.id = voided.id AND voided.debit_account IN ('', transfers.debit_account)
      )
      OR voided.debit_account = '' AND EXISTS (SELECT FROM charges WHERE transfer_id = voided.id)`,

  'a transfer is open until its expiry at least, and executed while it is open': `
    SELECT id, state, expires_at, open_until, executed_at FROM transfers
    WHERE open_until < expires_at OR executed_at >= open_until`,

  'a claim is of a transfer that ended unpaid, takes no more, and is paid once, by an account for claims': `
    SELECT claims.transfer_id, claims.amount, claimed.amount AS claimed, claimed.state, booking.state AS booking
    FROM claims LEFT JOIN transfers AS claimed ON claimed.id = transfer_id
    LEFT JOIN transfers AS booking ON booking.id = booking_id
    LEFT JOIN accounts AS payer ON payer.name = booking.debit_account
    WHERE claimed.state IS DISTINCT FROM 'rejected' OR claims.amount > claimed.amount
      OR creditor <> claimed.credit_account OR (booked_at IS NOT NULL AND booking.id IS NULL)
      OR (booking.id IS NOT NULL AND NOT coalesce(booking.state = 'executed' AND booking.amount = claims.amount
        AND booking.credit_account = creditor AND payer.account_type = 's' AND approved_at IS NOT NULL, false))`,

  'a position is what was not issued and not settled': `
    SELECT name, posted - position_base AS position, coalesce(booked.sum, 0) - coalesce(reset.sum, 0) AS entries
    FROM accounts
    LEFT JOIN (SELECT account, sum(amount) FROM entries WHERE kind <> 'issuance' GROUP BY account) AS booked
      ON booked.account = name
    LEFT JOIN (
      SELECT account, sum(receipts - payments + fee_receipts - fee_payments)
      FROM settlement_positions JOIN settlements ON settlements.id = settlement_id
      WHERE resets_positions GROUP BY account
    ) AS reset ON reset.account = name
    WHERE posted - position_base <> coalesce(booked.sum, 0) - coalesce(reset.sum, 0)`,

  'every settlement records the sums of its entries': `
    SELECT settlement_id, account, recorded.sums AS recorded, booked.sums AS booked FROM (
      SELECT settlement_id, account, ARRAY[payments, receipts, fee_payments, fee_receipts] AS sums
      FROM settlement_positions
    ) AS recorded
    FULL JOIN (
      SELECT settlement_id, account, ARRAY[payments, receipts, "feePayments", "feeReceipts"] AS sums FROM (
        SELECT settlements.id AS settlement_id, account, ${POSITION_SUMS}
        FROM settlements JOIN entries ON entries.id > after_entry AND entries.id <= to_entry AND ${MAKES_POSITIONS}
        GROUP BY settlements.id, account
      ) AS summed
    ) AS booked USING (settlement_id, account)
    WHERE recorded.sums IS DISTINCT FROM booked.sums`,

  'every confirmed settlement is booked once, and nothing else is booked as settled': `
    SELECT account, confirmed.transfer_id AS confirmed, booked.transfer_id AS booked, confirmed.amount, booked.amount AS entry
    FROM settlement_confirmations AS confirmed
    FULL JOIN (SELECT * FROM entries WHERE kind = 'settlement' AND account <> 'settlement') AS booked
      USING (transfer_id, account)
    WHERE confirmed.amount IS DISTINCT FROM booked.amount`,

  'no window is settled by more than its positions': `
    SELECT settlement_id, account, net, confirmed FROM (
      SELECT settlement_id, account, receipts - payments + fee_receipts - fee_payments AS net
      FROM settlement_positions
    ) AS recorded
    FULL JOIN (
      SELECT settlement_id, account, sum(amount) AS confirmed FROM settlement_confirmations GROUP BY 1, 2
    ) AS moved USING (settlement_id, account)
    WHERE confirmed <> 0 AND (net IS NULL OR sign(net) <> -sign(confirmed) OR abs(confirmed) > abs(net))`,

  'every window but the last is closed, and each begins where the one before ends': `
    SELECT number, settlement_windows.id, after_entry, to_entry FROM (
      SELECT id, after_entry, to_entry, lag(to_entry, 1, 0::bigint) OVER (ORDER BY to_entry, settled_at, id) AS ended
      FROM settlements
    ) AS closed
    FULL JOIN settlement_windows USING (id)
    WHERE number IS NULL OR after_entry <> ended
      OR (after_entry IS NULL) <> (number = (SELECT max(number) FROM settlement_windows))`,

  'every final transfer has exactly one final event, every other none': `
    SELECT transfers.id, transfers.state, count(events.id) FROM transfers
    LEFT JOIN events ON transfer_id = transfers.id AND events.state IN ('executed', 'rejected')
    GROUP BY transfers.id
    HAVING count(events.id) <> CASE WHEN transfers.state IN ('executed', 'rejected') THEN 1 ELSE 0 END
      OR bool_or(events.state <> transfers.state)`,

  'the events of a transfer come in the order of its states': `
    SELECT transfer_id, array_agg(state ORDER BY sequence) FROM events
    WHERE transfer_id IS NOT NULL
    GROUP BY transfer_id
    HAVING array_agg(state ORDER BY sequence)
      <> array_agg(state ORDER BY array_position(ARRAY['proposed', 'prepared', 'executed', 'rejected'], state))`,

  'events are numbered without a gap': `
    SELECT last_sequence, count(sequence), max(sequence) FROM ledger_head LEFT JOIN events ON true
    GROUP BY last_sequence
    HAVING last_sequence <> count(sequence) OR last_sequence <> coalesce(max(sequence), 0)`,

  'the digests of the event log are those of its events': WRONG_DIGESTS,

  'the ledger sums to zero': `
    SELECT sum(posted) FROM accounts HAVING sum(posted) <> 0`,
};

/** Longest time for one invariant: some read the whole ledger. */
const TIMEOUT_MS = 60 * 60 * 1_000;

/** Runs all invariants in one snapshot. @returns at most 100 violations of each; empty if all hold. */
export async function checkInvariants(dataSource: DataSource): Promise<Violation[]> {
  return inLongTransaction(dataSource, { isolation: 'REPEATABLE READ', timeoutMs: TIMEOUT_MS }, async (manager) => {
    await manager.query('SET TRANSACTION READ ONLY');
    const violations: Violation[] = [];
    for (const [invariant, query] of Object.entries(INVARIANTS)) {
      const rows: Record<string, unknown>[] = await manager.query(`${query} LIMIT ${VIOLATIONS_MAX}`);
      violations.push(...rows.map((row) => ({ invariant, row })));
    }
    return violations;
  });
}
