import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CONDITION, FULFILLMENT, openTestLedger, ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { LedgerUris } from '@level-one/transfer';
import { LedgerEventLog } from './ledger-event-log.js';

const ALICE = ownerOf('alice');
const BOB = ownerOf('bob');

let test: TestLedger;

beforeEach(async () => {
  test = await openTestLedger();
});

afterEach(async () => {
  await test.close();
});

describe('events', () => {
  it('come in the order of commits, each with the transfer as it was', async () => {
    const other = await test.anotherInstance();
    const log = new LedgerEventLog(
      test.dataSource,
      test.ledger.recentEvents,
      new LedgerUris('http://ledger'),
      2,
      test.ledger.commits,
    );
    const before = await log.last();
    const request = transferRequest();
    const { id } = request.content;
    await test.ledger.putTransfer({ ...request, authorized: false }, BOB);
    await other.ledger.putTransfer(request, ALICE);
    await test.ledger.fulfilTransfer(id, FULFILLMENT, BOB);

    const events = await log.read(before, 10);
    const uri = `http://ledger/transfers/${id}`;
    expect(events).toMatchObject([
      { sequence: before + 1n, event: 'transfer.update', resource: { id: uri, state: 'proposed' } },
      { sequence: before + 2n, event: 'transfer.create', resource: { id: uri, state: 'prepared' } },
      {
        sequence: before + 3n,
        event: 'transfer.update',
        resource: { id: uri, state: 'executed', execution_condition: CONDITION },
        relatedResources: { execution_condition_fulfillment: FULFILLMENT },
      },
    ]);
    expect(events.map(({ accounts }) => accounts)).toEqual(Array.from({ length: 3 }, () => ['alice', 'bob']));
    expect(events[0]?.resource).not.toHaveProperty('debits.0.authorized');
    expect(events[1]?.resource).not.toHaveProperty('timeline.executed_at');
    expect(events[1]?.relatedResources).toBeUndefined();
    expect(await log.read(before + 1n, 1)).toMatchObject([{ sequence: before + 2n }]);
  });

  it('have no gap and never appear out of order to a reader, while two instances write', async () => {
    const other = await test.anotherInstance();
    const log = new LedgerEventLog(
      test.dataSource,
      test.ledger.recentEvents,
      new LedgerUris('http://ledger'),
      2,
      test.ledger.commits,
    );
    let cursor = await log.last();
    const end = cursor + 200n;
    const writing = Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const request = transferRequest({ amount: 1n });
        await (i % 2 ? other : test).ledger.putTransfer(request, ALICE);
        await (i % 2 ? test : other).ledger.fulfilTransfer(request.content.id, FULFILLMENT, BOB);
      }),
    );
    while (cursor < end) {
      const events = await log.read(cursor, 7);
      for (const { sequence } of events) expect(sequence).toBe((cursor += 1n));
    }
    await writing;
  });
});
