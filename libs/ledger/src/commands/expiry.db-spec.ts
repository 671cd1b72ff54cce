import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, FULFILLMENT, openTestLedger, ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { TransferState } from '@level-one/transfer';

const ALICE = ownerOf('alice');
const BOB = ownerOf('bob');

let test: TestLedger;

beforeEach(async () => {
  test = await openTestLedger();
});

afterEach(async () => {
  await test.close();
});

describe('expiry', () => {
  it('is refused when it is over already, and nothing is stored (N74)', async () => {
    const request = transferRequest({ expiresAt: new Date(Date.now() - 1) });
    await expect(test.ledger.putTransfer(request, ALICE)).rejects.toMatchObject({ id: 'ExpiredTransferError' });
    await expect(test.ledger.reads.readTransfer(request.content.id)).rejects.toMatchObject({ id: 'NotFoundError' });
  });

  it('rejects by itself after its time', async () => {
    test.ledger.start();
    const soon = transferRequest({ expiresAt: new Date(Date.now() + 2_000) });
    const { id } = soon.content;
    await test.ledger.putTransfer(soon, ALICE);
    const rejectedAt = await eventually(async () => {
      const transfer = await test.ledger.reads.readTransfer(id);
      expect(transfer).toMatchObject({ state: 'rejected', rejectionReason: 'expired' });
      return transfer.rejectedAt;
    });
    expect(Number(rejectedAt)).toBeGreaterThanOrEqual(Number(soon.content.expiresAt));
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
    expect(await test.states(id)).toEqual(['prepared', 'rejected']);
    await expect(test.ledger.reads.readFulfillment(id)).rejects.toMatchObject({
      id: 'MissingFulfillmentError',
      message: 'This transfer expired before it was fulfilled',
    });
  });

  it('wins over everything that comes later, and loses to a replay of what came before', async () => {
    const late = transferRequest();
    const done = transferRequest();
    for (const request of [late, done]) await test.ledger.putTransfer(request, ALICE);
    await test.ledger.fulfilTransfer(done.content.id, FULFILLMENT, BOB);
    for (const request of [late, done]) await test.letExpire(request.content.id);

    await expect(test.ledger.fulfilTransfer(late.content.id, FULFILLMENT, BOB)).rejects.toMatchObject({
      id: 'ExpiredTransferError',
    });
    expect(await test.ledger.fulfilTransfer(done.content.id, FULFILLMENT, BOB)).toBe(FULFILLMENT);
    expect(await test.ledger.rejectTransfer(late.content.id, { message: 'no' }, BOB)).toMatchObject({
      rejectionReason: 'expired',
    });
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([]);
    expect(await test.funds('alice')).toEqual([9_900n, 0n]);
  });

  it('against fulfilment and rejection at the same instant has one winner that all see', async () => {
    const other = await test.anotherInstance();
    for (let round = 0; round < 20; round += 1) {
      const request = transferRequest();
      const { id } = request.content;
      await test.ledger.putTransfer(request, ALICE);
      const race = await Promise.allSettled([
        test.ledger.fulfilTransfer(id, FULFILLMENT, BOB),
        test.letExpire(id).then(() => other.ledger.rejectExpiredTransfers()),
        other.ledger.rejectTransfer(id, { message: 'no' }, BOB),
        other.ledger.fulfilTransfer(id, FULFILLMENT, BOB),
      ]);
      const { state } = await test.ledger.reads.readTransfer(id);
      const isExecuted = state === TransferState.Executed;
      expect(race[0]?.status === 'fulfilled').toBe(isExecuted);
      expect(race[3]?.status === 'fulfilled').toBe(isExecuted);
      expect(race[2]?.status === 'fulfilled').toBe(!isExecuted);
      expect(await test.states(id)).toEqual(['prepared', state]);
    }
  });
});
