import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { deleteForgotten, MessageRetention } from './forgotten.js';
import { openHouseLedger } from '../test/house-ledger.fixture.js';

const ALICE = ownerOf('alice');

let test: TestLedger;

beforeEach(async () => {
  test = await openHouseLedger();
});

afterEach(() => test.close());

describe('A16: every proposal', () => {
  it.each([
    ['without a time of its own', { executionCondition: null, expiresAt: null }],
    ['whose own time is far away', { expiresAt: new Date('2999-01-01T00:00:00Z') }],
  ])('%s has an end, and a day later nothing that was added to it', async (_, change) => {
    const request = transferRequest({ ...change, additionalInfo: { text: 'much' } });
    const { id } = request.content;
    await test.ledger.putTransfer({ ...request, authorized: false }, ALICE);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([]);
    await test.writePast(`UPDATE transfers SET proposed_at = proposed_at - interval '1 day' WHERE id = $1`, [id]);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([id]);
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'rejected', rejectionReason: 'expired' });
    await test.dataSource.query(`UPDATE transfers SET rejected_at = rejected_at - interval '2 days' WHERE id = $1`, [
      id,
    ]);
    await deleteForgotten(test.dataSource, new MessageRetention());
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ additionalInfo: null });
  });
});

describe('A8: a message', () => {
  it('is emptied by the sweep after the one that saw it; the events stay numbered', async () => {
    await test.ledger.sendMessage({ from: 'alice', to: 'bob', data: { text: 'hello' } });
    const retention = new MessageRetention();
    const kept = async (): Promise<unknown> =>
      (await test.dataSource.query('SELECT message FROM events WHERE message IS NOT NULL'))[0].message;
    await retention.emptyMessages(test.dataSource);
    expect(await kept()).toEqual({ from: 'alice', to: 'bob', data: { text: 'hello' } });
    await retention.emptyMessages(test.dataSource);
    expect(await kept()).toEqual({ from: 'alice', to: 'bob', data: {} });
  });
});
