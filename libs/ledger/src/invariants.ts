import type { DataSource } from 'typeorm';

/** Something that must never be: one offending row of one invariant. */
export interface Violation {
  invariant: string;
  row: Record<string, unknown>;
}

const VIOLATIONS_MAX = 100;

/** What holds at every moment; each query finds the rows for which it does not. */
export const INVARIANTS: Readonly<Record<string, string>> = {
  'every transfer sums to zero': `
    SELECT transfer_id, sum(amount) FROM entries GROUP BY transfer_id HAVING sum(amount) <> 0`,

  'an executed transfer has moved its amount from its debit to its credit account, any other nothing': `
    SELECT transfers.id, state, amount, moved.entries FROM transfers
    LEFT JOIN (
      SELECT transfer_id, jsonb_agg(jsonb_build_array(account, amount) ORDER BY id) AS entries
      FROM entries GROUP BY transfer_id
    ) AS moved ON moved.transfer_id = transfers.id
    WHERE moved.entries IS DISTINCT FROM CASE WHEN state = 'executed' THEN jsonb_build_array(
      jsonb_build_array(debit_account, -amount), jsonb_build_array(credit_account, amount)) END`,

  'posted is the sum of the entries': `
    SELECT name, posted, coalesce(sum(amount), 0) AS entries
    FROM accounts LEFT JOIN entries ON account = name
    GROUP BY name HAVING posted <> coalesce(sum(amount), 0)`,

  'the newest entry carries the posted balance': `
    SELECT name, posted, balance FROM accounts
    JOIN LATERAL (SELECT balance FROM entries WHERE account = name ORDER BY id DESC LIMIT 1) AS newest ON true
    WHERE posted <> balance`,

  'held is the sum of the open holds': `
    SELECT name, held, coalesce(sum(amount), 0) AS holds
    FROM accounts LEFT JOIN holds ON account = name
    GROUP BY name HAVING held <> coalesce(sum(amount), 0)`,

  'exactly the prepared transfers hold their amount': `
    SELECT transfers.id, state, transfers.amount, holds.amount AS held
    FROM (SELECT * FROM transfers WHERE state = 'prepared') AS transfers
    FULL JOIN holds ON transfer_id = transfers.id
      AND holds.amount = transfers.amount AND account = debit_account
    WHERE transfers.id IS NULL OR transfer_id IS NULL`,

  'no account is below its floor': `
    SELECT name, posted, held, minimum_allowed_balance FROM accounts
    WHERE posted - held < minimum_allowed_balance`,

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

  'the ledger sums to zero': `
    SELECT sum(posted) FROM accounts HAVING sum(posted) <> 0`,
};

/** Runs every invariant in one snapshot; an empty answer means that all of them hold. */
export async function checkInvariants(dataSource: DataSource): Promise<Violation[]> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    const violations: Violation[] = [];
    for (const [invariant, query] of Object.entries(INVARIANTS)) {
      const rows: Record<string, unknown>[] = await manager.query(`${query} LIMIT ${VIOLATIONS_MAX}`);
      violations.push(...rows.map((row) => ({ invariant, row })));
    }
    return violations;
  });
}
