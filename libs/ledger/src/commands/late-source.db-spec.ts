import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ADMIN,
  eventually,
  FULFILLMENT,
  openTestLedger,
  ownerOf,
  type TestLedger,
  transferRequest,
} from '@level-one/testing';
import { AccountType, ChargeKind, Right, type TransferContent } from '@level-one/transfer';
import type { Principal } from '../rules/principal.js';

const GRACE_MS = 30_000;
const ALICE = ownerOf('alice');
const CONNECTOR = ownerOf('connector');
const OTHER_CONDITION = 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32';
const OTHER_FULFILLMENT = 'oCKAIIYvEbZPFojkJML-W6Xl60qEY-NWz10fHN4X5-Yv-s8k';
const NOT_IN_TIME = { id: 'ExpiredTransferError', status: 422 };

let test: TestLedger;

async function openLedger(lateSourceGraceMs: number): Promise<void> {
  test = await openTestLedger({ lateSourceGraceMs });
  await test.open({ name: 'connector', accountType: AccountType.Connector, minimumAllowedBalance: -100_000n });
}

afterEach(() => test.close());

/** Moves the expiry of a transfer to `ms` before now. */
async function letPass(id: string, ms: number): Promise<void> {
  await test.writePast(`UPDATE transfers SET expires_at = clock_timestamp() - $2 * interval '1 ms' WHERE id = $1`, [
    id,
    ms,
  ]);
}

/** Prepares a transfer of 1.00 from alice to the connector and moves its expiry to `ms` before now. @returns its id. */
async function late(ms = 1_000, content: Partial<TransferContent> = {}): Promise<string> {
  const request = transferRequest({ creditAccount: 'connector', ...content });
  await test.ledger.putTransfer(request, ownerOf(request.content.debitAccount));
  await letPass(request.content.id, ms);
  return request.content.id;
}

describe('ruling 9: a transfer that credits a connector, after its expiry', () => {
  beforeEach(() => openLedger(GRACE_MS));

  it('may still be fulfilled by that connector', async () => {
    const id = await late();
    expect(await test.ledger.fulfilTransfer(id, FULFILLMENT, CONNECTOR)).toBe(FULFILLMENT);
    expect(await test.ledger.readTransfer(id)).toMatchObject({ state: 'executed' });
    expect(await test.funds('alice')).toEqual([9_900n, 0n]);
    expect(await test.funds('connector')).toEqual([100n, 0n]);
    // A repeated fulfillment by anyone is answered as done.
    expect(await test.ledger.fulfilTransfer(id, FULFILLMENT, ALICE)).toBe(FULFILLMENT);
  });

  it('may be rejected by that connector, and then counts as expired, whatever reason the connector gives', async () => {
    const id = await late();
    const rejected = await test.ledger.rejectTransfer(id, { message: 'no longer', code: 'F99' }, CONNECTOR);
    expect(rejected).toMatchObject({ state: 'rejected', rejectionReason: 'expired', rejectionMessage: null });
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, CONNECTOR)).rejects.toMatchObject(NOT_IN_TIME);
    await expect(test.ledger.readFulfillment(id)).rejects.toMatchObject({
      id: 'MissingFulfillmentError',
      message: 'This transfer expired before it was fulfilled',
    });
  });

  it.each<[string, Principal, string]>([
    ['its payer', ALICE, 'UnauthorizedError'],
    ['a customer who knows the preimage', ownerOf('bob'), 'UnauthorizedError'],
    ['an administrator', ADMIN, 'UnauthorizedError'],
    ['a role with the right to reject', { ...ownerOf('spsp'), rights: [Right.Reject] }, 'UnauthorizedError'],
  ])('cannot be fulfilled or rejected by %s; its hold stays', async (_, principal, rejecting) => {
    const id = await late();
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, principal)).rejects.toMatchObject(NOT_IN_TIME);
    await expect(test.ledger.rejectTransfer(id, { message: 'no' }, principal)).rejects.toMatchObject({ id: rejecting });
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([]);
    expect(await test.ledger.readTransfer(id)).toMatchObject({ state: 'prepared', rejectionReason: null });
    expect(await test.funds('alice')).toEqual([10_000n, 100n]);
  });

  it('cannot be cancelled, nor be given charges', async () => {
    const id = await late(1_000, { cancellationCondition: OTHER_CONDITION });
    const fee = { debitAccount: 'alice', creditAccount: 'fee', amount: 1n, kind: ChargeKind.Fee };
    await test.open({ name: 'fee', accountType: AccountType.Fee });
    await expect(test.ledger.fulfilTransfer(id, OTHER_FULFILLMENT, CONNECTOR)).rejects.toMatchObject(NOT_IN_TIME);
    await expect(test.ledger.putCharges(id, [fee])).rejects.toMatchObject(NOT_IN_TIME);
    expect(await test.funds('alice')).toEqual([10_000n, 100n]);
  });

  it('is returned unchanged when its prepare is repeated', async () => {
    const request = transferRequest({ creditAccount: 'connector', expiresAt: new Date(Date.now() + 2_000) });
    await test.ledger.putTransfer(request, ALICE);
    await eventually(() => expect(Date.now()).toBeGreaterThan(Number(request.content.expiresAt)));
    const { transfer, created } = await test.ledger.putTransfer(request, ALICE);
    expect([created, transfer.state]).toEqual([false, 'prepared']);
  });

  it('is expired by the ledger after the grace', async () => {
    const id = await late(GRACE_MS + 1);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([id]);
    expect(await test.ledger.readTransfer(id)).toMatchObject({ state: 'rejected', rejectionReason: 'expired' });
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
  });

  it('cannot be executed by its connector after the grace, even before the sweeper has run', async () => {
    const id = await late(GRACE_MS + 1);
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, CONNECTOR)).rejects.toMatchObject(NOT_IN_TIME);
    expect(await test.ledger.readTransfer(id)).toMatchObject({ state: 'rejected', rejectionReason: 'expired' });
  });

  it('gets no grace while it is proposed', async () => {
    const request = transferRequest({ creditAccount: 'connector' });
    await test.ledger.putTransfer({ ...request, authorized: false }, CONNECTOR);
    await letPass(request.content.id, 1);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([request.content.id]);
  });
});

describe('ruling 9: there is no grace for', () => {
  it.each<[string, Partial<TransferContent>]>([
    ["a payee's transfer, which debits the connector", { debitAccount: 'connector', creditAccount: 'bob' }],
    ['a transfer between two customers', { creditAccount: 'bob' }],
  ])('%s', async (_, content) => {
    await openLedger(GRACE_MS);
    const id = await late(1, content);
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, ownerOf('bob'))).rejects.toMatchObject(NOT_IN_TIME);
    expect(await test.ledger.readTransfer(id)).toMatchObject({ state: 'rejected', rejectionReason: 'expired' });
  });

  it('any transfer of a ledger with a grace of 0, like the central one', async () => {
    await openLedger(0);
    const id = await late(1);
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, CONNECTOR)).rejects.toMatchObject(NOT_IN_TIME);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([]);
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
  });
});

describe('the end of the grace', () => {
  it('comes without a request', async () => {
    await openLedger(300);
    test.ledger.start();
    const expiresAt = new Date(Date.now() + 2_000);
    const request = transferRequest({ creditAccount: 'connector', expiresAt });
    await test.ledger.putTransfer(request, ALICE);
    const rejectedAt = await eventually(async () => {
      const transfer = await test.ledger.readTransfer(request.content.id);
      expect(transfer).toMatchObject({ state: 'rejected', rejectionReason: 'expired' });
      return transfer.rejectedAt;
    });
    expect(Number(rejectedAt) - Number(expiresAt)).toBeGreaterThanOrEqual(300);
  });

  it('at the same moment as the connector has one winner', async () => {
    await openLedger(GRACE_MS);
    const other = await test.anotherInstance();
    for (let round = 0; round < 20; round += 1) {
      const id = await late();
      const [fulfilled] = await Promise.allSettled([
        test.ledger.fulfilTransfer(id, FULFILLMENT, CONNECTOR),
        letPass(id, GRACE_MS + 1).then(() => other.ledger.rejectExpiredTransfers()),
      ]);
      const { state } = await test.ledger.readTransfer(id);
      expect(state).toBe(fulfilled.status === 'fulfilled' ? 'executed' : 'rejected');
    }
  });
});
