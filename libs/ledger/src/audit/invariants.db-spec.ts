import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ADMIN, FULFILLMENT, openTestLedger, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, ChargeKind } from '@level-one/transfer';
import { checkInvariants, INVARIANTS } from './invariants.js';
import { SettlementWindows } from '../settlement/settlement-windows.js';

let test: TestLedger;

/** Ids used in the statements below. */
const EXECUTED = '00000000-0000-4000-8000-000000000001';
const PREPARED = '00000000-0000-4000-8000-000000000002';
const REJECTED = '00000000-0000-4000-8000-000000000003';
const NOBODY = '00000000-0000-4000-8000-00000000000f';

beforeAll(async () => {
  test = await openTestLedger();
  await test.open({ name: 'dave' });
  await test.open({ name: 'carol', accountType: AccountType.Fee });
  for (const id of [EXECUTED, PREPARED, REJECTED]) {
    await test.ledger.putCharges(id, [
      { debitAccount: 'alice', creditAccount: 'carol', amount: 5n, kind: ChargeKind.Fee },
      { debitAccount: 'bob', creditAccount: 'carol', amount: 3n, kind: ChargeKind.Fee },
    ]);
    await test.ledger.putTransfer(transferRequest({ id }), ADMIN);
  }
  await test.ledger.fulfilTransfer(EXECUTED, FULFILLMENT, ADMIN);
  await test.ledger.rejectTransfer(REJECTED, { message: 'no' }, ADMIN);
  const { id: window } = await new SettlementWindows(test.dataSource).closeWindow();
  await test.open({ name: 'settlement', accountType: AccountType.Settlement, minimumAllowedBalance: null });
  await test.ledger.confirmSettlement([
    { settlementId: window, account: 'bob', reference: 'bank 1', transferId: randomUUID(), amount: -40n },
  ]);
  const later = transferRequest({ executionCondition: null });
  await test.ledger.putTransfer(later, ADMIN);
});

afterAll(() => test.close());

/** Runs the statements, then `checkInvariants`, then rolls back. @returns the names of the broken invariants. */
async function brokenBy(...statements: string[]): Promise<string[]> {
  const runner = test.dataSource.createQueryRunner();
  await runner.connect();
  try {
    await runner.query('BEGIN');
    // Without triggers and constraints, which would refuse the statements.
    await runner.query('SET LOCAL session_replication_role = replica');
    for (const [table, constraint] of CONSTRAINTS) {
      await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${constraint}`);
    }
    await runner.query('DROP INDEX events_one_final_state');
    for (const statement of statements) await runner.query(statement);
    const found = new Set<string>();
    for (const [invariant, query] of Object.entries(INVARIANTS)) {
      if ((await runner.query(query)).length > 0) found.add(invariant);
    }
    return [...found];
  } finally {
    await runner.query('ROLLBACK');
    await runner.release();
  }
}

const CONSTRAINTS = [
  ['accounts', 'accounts_floor'],
  ['accounts', 'accounts_held_is_not_negative'],
  ['entries', 'entries_amount_is_not_zero'],
] as const;

/** Inserts a claim of bob. */
function claim(
  transferId: string,
  { amount = 1, creditor = 'bob', bookedAt = 'NULL', booking = NOBODY }: Partial<Record<string, number | string>> = {},
): string {
  return `INSERT INTO claims (transfer_id, creditor, amount, fulfillment, statement, claimed_at, is_automatic,
      approved_by, approved_at, account, booking_id, booked_at)
    VALUES ('${transferId}', '${creditor}', ${amount}, '', '', now(), true, '{}', now(), 'carol', '${booking}', ${bookedAt})`;
}

/** Ways to break each invariant. Other invariants may break too. */
const CASES: Record<string, [string, ...string[]][]> = {
  'every transfer sums to zero': [
    [
      'a larger amount on one side',
      `UPDATE entries SET amount = 101 WHERE transfer_id = '${EXECUTED}' AND amount = 100`,
    ],
    ['a missing side', `DELETE FROM entries WHERE transfer_id = '${EXECUTED}' AND account = 'bob' AND amount > 0`],
  ],
  'an executed transfer has moved its amount and its charges, any other nothing': [
    ['an executed transfer without entries', `DELETE FROM entries WHERE transfer_id = '${EXECUTED}'`],
    [
      'another amount on both sides',
      `UPDATE entries SET amount = 2 * amount WHERE transfer_id = '${EXECUTED}' AND kind = 'transfer'`,
    ],
    ['another account', `UPDATE entries SET account = 'carol' WHERE transfer_id = '${EXECUTED}' AND account = 'bob'`],
    ['a charge that was not booked', `DELETE FROM entries WHERE transfer_id = '${EXECUTED}' AND kind = 'fee'`],
    [
      'a charge of another kind',
      `UPDATE entries SET kind = 'commission' WHERE transfer_id = '${EXECUTED}' AND kind = 'fee'`,
    ],
    [
      'entries of a charge that is not stored',
      `DELETE FROM charges WHERE transfer_id = '${EXECUTED}' AND kind = 'fee'`,
    ],
    [
      'a transfer booked as issuance',
      `UPDATE entries SET kind = 'issuance' WHERE transfer_id = '${EXECUTED}' AND kind = 'transfer'`,
    ],
    ['a rejected transfer with entries', `UPDATE transfers SET state = 'rejected' WHERE id = '${EXECUTED}'`],
    ['a prepared transfer said to be executed', `UPDATE transfers SET state = 'executed' WHERE id = '${PREPARED}'`],
  ],
  'posted is the sum of the entries': [
    ['a balance without entries', `UPDATE accounts SET posted = posted + 1 WHERE name = 'bob'`],
    ['a balance on an account without entries', `UPDATE accounts SET posted = 1 WHERE name = 'dave'`],
  ],
  'every entry carries the balance it left': [
    ['the newest entry', `UPDATE entries SET balance = balance + 1 WHERE id = (SELECT max(id) FROM entries)`],
    [
      'an older entry',
      `UPDATE entries SET balance = balance + 1 WHERE transfer_id = '${EXECUTED}' AND account = 'bob' AND amount > 0`,
    ],
  ],
  'held is the sum of the open holds': [
    ['too much', `UPDATE accounts SET held = held + 1 WHERE name = 'alice'`],
    ['too little', `UPDATE accounts SET held = 0 WHERE name = 'alice'`],
    ['without a hold', `DELETE FROM holds`],
  ],
  'exactly the prepared transfers hold what they and their charges take': [
    ['no hold', `DELETE FROM holds WHERE transfer_id = '${PREPARED}'`],
    ['another amount', `UPDATE holds SET amount = amount + 1 WHERE transfer_id = '${PREPARED}'`],
    ['another account', `UPDATE holds SET account = 'carol' WHERE transfer_id = '${PREPARED}'`],
    ['a hold of a final transfer', `INSERT INTO holds VALUES ('${EXECUTED}', 'alice', 105)`],
    [
      'a hold of the payee, whose charges are covered by the amount',
      `INSERT INTO holds VALUES ('${PREPARED}', 'bob', 3)`,
    ],
    ['a charge that is not held', `UPDATE charges SET amount = 6 WHERE transfer_id = '${PREPARED}' AND kind = 'fee'`],
  ],
  'no account is below its floor': [
    ['by its balance', `UPDATE accounts SET minimum_allowed_balance = posted + 1 WHERE name = 'carol'`],
    ['by its holds', `UPDATE accounts SET minimum_allowed_balance = posted - held + 1 WHERE name = 'alice'`],
  ],
  'entries, holds and events belong to accounts and transfers that are there': [
    ['entries of no transfer', `UPDATE entries SET transfer_id = '${NOBODY}' WHERE transfer_id = '${EXECUTED}'`],
    ['entries of no account', `UPDATE entries SET account = 'ghost' WHERE account = 'bob'`],
    ['a hold of no transfer', `UPDATE holds SET transfer_id = '${NOBODY}'`],
    ['a hold on no account', `UPDATE holds SET account = 'ghost'`],
    ['events of no transfer', `UPDATE events SET transfer_id = '${NOBODY}' WHERE transfer_id = '${PREPARED}'`],
    ['a transfer that was deleted', `DELETE FROM transfers WHERE id = '${REJECTED}'`],
    ['an account that was deleted', `DELETE FROM accounts WHERE name = 'bob'`],
  ],
  'no transfer and no charge has an id that is void': [
    ['a transfer', `INSERT INTO voided_transfers VALUES ('${PREPARED}', now())`],
    ["one of the account's", `INSERT INTO voided_transfers VALUES ('${PREPARED}', now(), 'alice')`],
    [
      'a charge that waits',
      `INSERT INTO voided_transfers VALUES ('${NOBODY}', now())`,
      `INSERT INTO charges SELECT '${NOBODY}', 0, 'alice', 'carol', 1, 'fee', now(), true`,
    ],
  ],
  'a transfer is open until its expiry at least, and executed while it is open': [
    [
      'an end before the expiry',
      `UPDATE transfers SET open_until = expires_at - interval '1 ms' WHERE id = '${PREPARED}'`,
    ],
    ['executed at its end', `UPDATE transfers SET executed_at = open_until WHERE id = '${EXECUTED}'`],
    [
      'executed after its end',
      `UPDATE transfers SET executed_at = open_until + interval '1 s' WHERE id = '${EXECUTED}'`,
    ],
  ],
  'a claim is of a transfer that ended unpaid, takes no more, and is paid once, by an account for claims': [
    ['of an executed transfer', claim(EXECUTED)],
    ['of a transfer that nobody knows', claim(NOBODY)],
    ['of more than the transfer', claim(REJECTED, { amount: 101 })],
    ['by somebody else', claim(REJECTED, { creditor: 'alice' })],
    ['that is booked, but by no transfer', claim(REJECTED, { bookedAt: 'now()' })],
    ['that is paid by a customer', claim(REJECTED, { booking: EXECUTED })],
  ],
  'a position is what was not issued and not settled': [
    [
      'a position that changed without an entry',
      `UPDATE accounts SET position_base = position_base + 1 WHERE name = 'bob'`,
    ],
    ['issued money counted as a payment', `UPDATE accounts SET position_base = 0 WHERE name = 'alice'`],
    ['a settlement that reset positions', `UPDATE settlements SET resets_positions = true`],
    ['an entry of another kind', `UPDATE entries SET kind = 'issuance' WHERE kind = 'settlement'`],
  ],
  'every settlement records the sums of its entries': [
    ['another amount', `UPDATE settlement_positions SET payments = payments + 1 WHERE account = 'alice'`],
    ['a missing account', `DELETE FROM settlement_positions WHERE account = 'bob'`],
    [
      'an account that took no part',
      `INSERT INTO settlement_positions SELECT id, 'ghost', 1, 0, 0, 0 FROM settlements`,
    ],
    [
      'a payment recorded as a fee',
      `UPDATE settlement_positions SET payments = 0, fee_payments = fee_payments + payments`,
    ],
    ['more on both sides', `UPDATE settlement_positions SET payments = payments + 1, receipts = receipts + 1`],
  ],
  'every confirmed settlement is booked once, and nothing else is booked as settled': [
    ['a confirmation without entries', `DELETE FROM entries WHERE kind = 'settlement'`],
    ['another amount', `UPDATE settlement_confirmations SET amount = amount - 1`],
    ['entries without a confirmation', `DELETE FROM settlement_confirmations`],
  ],
  'no window is settled by more than its positions': [
    ['too much', `UPDATE settlement_positions SET receipts = payments + 39 WHERE account = 'bob'`],
    ['in the wrong direction', `UPDATE settlement_positions SET receipts = 0 WHERE account = 'bob'`],
    ['an account without a position', `DELETE FROM settlement_positions WHERE account = 'bob'`],
  ],
  'every window but the last is closed, and each begins where the one before ends': [
    ['a deleted close', `DELETE FROM settlements`],
    ['a gap', `UPDATE settlements SET after_entry = 1`],
    ['no open window', `DELETE FROM settlement_windows WHERE number = 2`],
    ['two open windows', `INSERT INTO settlement_windows VALUES (3, gen_random_uuid(), now())`],
  ],
  'every final transfer has exactly one final event, every other none': [
    ['no event', `DELETE FROM events WHERE transfer_id = '${EXECUTED}' AND state = 'executed'`],
    [
      'two events',
      `INSERT INTO events SELECT 1000, id, transfer_id, state FROM events WHERE transfer_id = '${EXECUTED}' AND state = 'executed'`,
    ],
    [
      'the event of another final state',
      `UPDATE events SET state = 'rejected' WHERE transfer_id = '${EXECUTED}' AND state = 'executed'`,
    ],
    ['a final event of a prepared transfer', `UPDATE events SET state = 'executed' WHERE transfer_id = '${PREPARED}'`],
  ],
  'the events of a transfer come in the order of its states': [
    [
      'a final event before the prepare',
      `UPDATE events SET sequence = -sequence WHERE transfer_id = '${EXECUTED}' AND state = 'executed'`,
    ],
  ],
  'events are numbered without a gap': [
    ['a gap', `DELETE FROM events WHERE transfer_id = '${PREPARED}'`],
    ['a number that is too large', `UPDATE events SET sequence = 1000 WHERE transfer_id = '${PREPARED}'`],
    ['a head that lags behind', `UPDATE ledger_head SET last_sequence = last_sequence - 1`],
    ['no event at all', `DELETE FROM events`],
  ],
  'the digests of the event log are those of its events': [
    ['a digest of other events', `INSERT INTO event_digests VALUES (1000, sha256('other'), now())`],
    ['a digest without its events', `INSERT INTO event_digests VALUES (100000, sha256('other'), now())`],
  ],
  'the ledger sums to zero': [
    ['a balance without entries', `UPDATE accounts SET posted = posted + 1 WHERE name = 'bob'`],
  ],
};

describe('the invariants', () => {
  it('hold for books that only the ledger has written', async () => {
    expect(await checkInvariants(test.dataSource)).toEqual([]);
    expect(await brokenBy()).toEqual([]);
  });

  it('each have a case here that breaks them', () => {
    expect(Object.keys(CASES).toSorted()).toEqual(Object.keys(INVARIANTS).toSorted());
  });

  it.each(
    Object.entries(CASES).flatMap(([invariant, cases]) =>
      cases.map(([what, ...statements]) => [invariant, what, statements] as const),
    ),
  )('%s: %s is found', async (invariant, _, statements) => {
    expect(await brokenBy(...statements)).toContain(invariant);
  });

  it('report at most 100 rows each', async () => {
    await test.dataSource.transaction(async (manager) => {
      await manager.query('SET LOCAL session_replication_role = replica');
      await manager.query(`INSERT INTO events SELECT 1000 + n, gen_random_uuid(), gen_random_uuid(), 'proposed'
        FROM generate_series(1, 150) AS n`);
    });
    const violations = await checkInvariants(test.dataSource);
    const orphans = 'entries, holds and events belong to accounts and transfers that are there';
    expect(violations.filter(({ invariant }) => invariant === orphans)).toHaveLength(100);
    await test.dataSource.transaction(async (manager) => {
      await manager.query('SET LOCAL session_replication_role = replica');
      await manager.query('DELETE FROM events WHERE sequence > 1000');
    });
  });
});
