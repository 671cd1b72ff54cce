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
const RENEWAL_MAX_MS = 120_000;
const ALICE = ownerOf('alice');
const CONNECTOR = ownerOf('connector');
const OTHER_CONDITION = 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32';
const OTHER_FULFILLMENT = 'oCKAIIYvEbZPFojkJML-W6Xl60qEY-NWz10fHN4X5-Yv-s8k';
const NOT_IN_TIME = { id: 'ExpiredTransferError', status: 422 };

let test: TestLedger;

async function openLedger(lateGraceMs: number, graceS?: number): Promise<void> {
  test = await openTestLedger({ lateGraceMs, renewalMaxMs: RENEWAL_MAX_MS });
  await test.open({ name: 'connector', accountType: AccountType.Connector, minimumAllowedBalance: -100_000n, graceS });
}

afterEach(() => test.close());

/** Prepares a transfer of 1.00 from alice to the connector and moves its expiry to `ms` before now. @returns its id. */
async function late(ms = 1_000, content: Partial<TransferContent> = {}): Promise<string> {
  const request = transferRequest({ creditAccount: 'connector', ...content });
  await test.ledger.putTransfer(request, ownerOf(request.content.debitAccount));
  await test.letExpire(request.content.id, ms);
  return request.content.id;
}

describe('ruling 39: a transfer that credits a connector, after its expiry', () => {
  beforeEach(() => openLedger(GRACE_MS));

  it('may still be fulfilled by that connector', async () => {
    const id = await late();
    expect(await test.ledger.fulfilTransfer(id, FULFILLMENT, CONNECTOR)).toBe(FULFILLMENT);
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'executed' });
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
    await expect(test.ledger.reads.readFulfillment(id)).rejects.toMatchObject({
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
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'prepared', rejectionReason: null });
    expect(await test.funds('alice')).toEqual([10_000n, 100n]);
  });

  it('is expired and pending to its payer: prepared, with an expiry that has passed, until it has ended', async () => {
    const id = await late();
    const read = await test.ledger.reads.readTransfer(id, ALICE);
    expect(read.state).toBe('prepared');
    expect(read.expiresAt!.getTime()).toBeLessThan(Date.now());
    await test.ledger.rejectTransfer(id, { message: 'no longer' }, CONNECTOR);
    expect(await test.ledger.reads.readTransfer(id, ALICE)).toMatchObject({
      state: 'rejected',
      rejectionReason: 'expired',
    });
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
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'rejected', rejectionReason: 'expired' });
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
  });

  it('cannot be executed by its connector after the grace, even before the sweeper has run', async () => {
    const id = await late(GRACE_MS + 1);
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, CONNECTOR)).rejects.toMatchObject(NOT_IN_TIME);
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'rejected', rejectionReason: 'expired' });
  });

  it('gets no grace while it is proposed', async () => {
    const request = transferRequest({ creditAccount: 'connector' });
    await test.ledger.putTransfer({ ...request, authorized: false }, CONNECTOR);
    await test.letExpire(request.content.id);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([request.content.id]);
  });
});

describe('ruling 39: there is no grace for', () => {
  it.each<[string, Partial<TransferContent>]>([
    ["a payee's transfer, which debits the connector", { debitAccount: 'connector', creditAccount: 'bob' }],
    ['a transfer between two customers', { creditAccount: 'bob' }],
  ])('%s', async (_, content) => {
    await openLedger(GRACE_MS);
    const id = await late(1, content);
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, ownerOf('bob'))).rejects.toMatchObject(NOT_IN_TIME);
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'rejected', rejectionReason: 'expired' });
  });

  it('any transfer of a ledger with a grace of 0', async () => {
    await openLedger(0);
    const id = await late(1);
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, CONNECTOR)).rejects.toMatchObject(NOT_IN_TIME);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([]);
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
  });
});

describe('ruling 39: the grace of an account', () => {
  it("is its own if it has one, else the ledger's; a transfer keeps the one it was prepared with", async () => {
    await openLedger(600_000, 60);
    const own = await late(60_001);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([own]);
    const before = await late(1_000);
    await test.open({ name: 'connector', graceS: 0 });
    const none = await late(1);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([none]);
    await test.open({ name: 'connector', graceS: null });
    await late(60_001);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([]);
    expect(await test.ledger.fulfilTransfer(before, FULFILLMENT, CONNECTOR)).toBe(FULFILLMENT);
  });

  it('is for connectors and DFSPs only', async () => {
    await openLedger(GRACE_MS);
    for (const accountType of [AccountType.MobileWallet, AccountType.Fee, AccountType.Settlement, AccountType.Role]) {
      const refused = test.ledger.putAccount({ name: `a ${accountType}`, accountType, graceS: 10 });
      await expect(refused).rejects.toMatchObject({ id: 'UnprocessableEntityError', status: 422 });
    }
    const changed = test.ledger.putAccount({ name: 'bob', graceS: 10 });
    await expect(changed).rejects.toMatchObject({ id: 'UnprocessableEntityError' });
  });

  it('is also that of a DFSP on the central ledger', async () => {
    test = await openTestLedger({ lateGraceMs: GRACE_MS, customerKind: AccountType.Dfsp });
    const id = await late(1_000, { creditAccount: 'bob' });
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, ALICE)).rejects.toMatchObject(NOT_IN_TIME);
    expect(await test.ledger.fulfilTransfer(id, FULFILLMENT, ownerOf('bob'))).toBe(FULFILLMENT);
  });

  it('counts for a transfer that the release before prepared, which has no end of its own', async () => {
    await openLedger(GRACE_MS);
    const [open, over] = [await late(1_000), await late(GRACE_MS + 1)];
    await test.writePast('UPDATE transfers SET open_until = NULL');
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([over]);
    expect(await test.ledger.fulfilTransfer(open, FULFILLMENT, CONNECTOR)).toBe(FULFILLMENT);
  });

  it('lets many transfers wait without stopping the sweeper', async () => {
    await openLedger(GRACE_MS);
    const ids = await Promise.all(Array.from({ length: 20 }, () => late()));
    await test.writePast('UPDATE transfers SET open_until = NULL');
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([]);
    expect((await test.ledger.reads.listLateTransfers('connector', { limit: 100 })).map(({ id }) => id)).toEqual(
      ids.toSorted(),
    );
  });
});

describe('ruling 39: a grace is renewed', () => {
  const later = (ms: number): Date => new Date(Date.now() + ms);

  beforeEach(() => openLedger(GRACE_MS));

  it('by the creditor of a late transfer, which then stays open for longer', async () => {
    const id = await late(GRACE_MS - 5_000);
    const until = later(60_000);
    expect(await test.ledger.renewGrace(id, until, CONNECTOR)).toMatchObject({ state: 'prepared', openUntil: until });
    await test.letExpire(id, GRACE_MS + 10_000);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([]);
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'prepared' });
    expect(await test.ledger.fulfilTransfer(id, FULFILLMENT, CONNECTOR)).toBe(FULFILLMENT);
  });

  it('at another instance too, which knows the old end from its memory', async () => {
    const other = await test.anotherInstance();
    const id = await late(GRACE_MS - 2_000);
    await expect(other.ledger.renewGrace(id, later(-60_000), CONNECTOR)).rejects.toMatchObject({ status: 422 });
    await test.ledger.renewGrace(id, later(60_000), CONNECTOR);
    expect(await other.ledger.renewGrace(id, later(80_000), CONNECTOR)).toMatchObject({ state: 'prepared' });
    expect(await test.ledger.fulfilTransfer(id, FULFILLMENT, CONNECTOR)).toBe(FULFILLMENT);
  });

  it('to the same end again without a change, and never to an earlier one', async () => {
    const id = await late();
    const until = later(50_000);
    await test.ledger.renewGrace(id, until, CONNECTOR);
    expect(await test.ledger.renewGrace(id, until, CONNECTOR)).toMatchObject({ openUntil: until });
    const earlier = test.ledger.renewGrace(id, new Date(until.getTime() - 1), CONNECTOR);
    await expect(earlier).rejects.toMatchObject({ id: 'UnprocessableEntityError' });
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ openUntil: until });
  });

  it('not for ever: at most so long after the expiry, however often', async () => {
    const id = await late(1_000);
    const { expiresAt } = await test.ledger.reads.readTransfer(id);
    const latest = new Date(expiresAt!.getTime() + RENEWAL_MAX_MS);
    const tooLate = test.ledger.renewGrace(id, new Date(latest.getTime() + 1), CONNECTOR);
    await expect(tooLate).rejects.toMatchObject({ id: 'UnprocessableEntityError', status: 422 });
    expect(await test.ledger.renewGrace(id, latest, CONNECTOR)).toMatchObject({ openUntil: latest });
    await test.letExpire(id, RENEWAL_MAX_MS + 1);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([id]);
  });

  it.each<[string, Principal]>([
    ['its payer', ALICE],
    ['an administrator', ADMIN],
    ['a role with all rights', { ...ownerOf('role'), rights: Object.values(Right) }],
  ])('not by %s', async (_, principal) => {
    const id = await late();
    const refused = test.ledger.renewGrace(id, later(60_000), principal);
    await expect(refused).rejects.toMatchObject({ id: 'UnauthorizedError', status: 403 });
  });

  it('not before the expiry, not after the grace, and not once the transfer has ended', async () => {
    const early = transferRequest({ creditAccount: 'connector' });
    await test.ledger.putTransfer(early, ALICE);
    const notLate = test.ledger.renewGrace(early.content.id, later(90_000), CONNECTOR);
    await expect(notLate).rejects.toMatchObject({ id: 'UnprocessableEntityError', status: 422 });
    const over = await late(GRACE_MS + 1);
    await expect(test.ledger.renewGrace(over, later(90_000), CONNECTOR)).rejects.toMatchObject(NOT_IN_TIME);
    const done = await late();
    await test.ledger.fulfilTransfer(done, FULFILLMENT, CONNECTOR);
    const ended = test.ledger.renewGrace(done, later(90_000), CONNECTOR);
    await expect(ended).rejects.toMatchObject({ id: 'InvalidModificationError', status: 400 });
    const unknown = test.ledger.renewGrace('00000000-0000-4000-8000-000000000000', later(1), CONNECTOR);
    await expect(unknown).rejects.toMatchObject({ id: 'NotFoundError', status: 404 });
  });

  it('not where there is none: a grace of 0, or a customer as creditor', async () => {
    await test.open({ name: 'connector', graceS: 0 });
    const none = await late(1);
    await expect(test.ledger.renewGrace(none, later(60_000), CONNECTOR)).rejects.toMatchObject(NOT_IN_TIME);
    const paid = await late(1, { creditAccount: 'bob' });
    await expect(test.ledger.renewGrace(paid, later(60_000), ownerOf('bob'))).rejects.toMatchObject(NOT_IN_TIME);
  });
});

describe('the list of late transfers', () => {
  beforeEach(() => openLedger(GRACE_MS));

  it('has the open transfers past their expiry that credit the account, page by page', async () => {
    const ids = (await Promise.all([late(), late(2_000), late(3_000)])).toSorted();
    const done = await late();
    await test.ledger.fulfilTransfer(done, FULFILLMENT, CONNECTOR);
    await test.ledger.putTransfer(transferRequest({ creditAccount: 'connector' }), ALICE);
    await late(GRACE_MS + 1);
    const idsOf = async (page: { after?: string; limit: number }): Promise<string[]> =>
      (await test.ledger.reads.listLateTransfers('connector', page)).map(({ id }) => id);
    expect(await idsOf({ limit: 10 })).toEqual(ids);
    expect(await idsOf({ limit: 2 })).toEqual(ids.slice(0, 2));
    expect(await idsOf({ limit: 2, after: ids[1] })).toEqual(ids.slice(2));
    expect(await test.ledger.reads.listLateTransfers('alice', { limit: 10 })).toEqual([]);
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
      const transfer = await test.ledger.reads.readTransfer(request.content.id);
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
        test.letExpire(id, GRACE_MS + 1).then(() => other.ledger.rejectExpiredTransfers()),
      ]);
      const { state } = await test.ledger.reads.readTransfer(id);
      expect(state).toBe(fulfilled.status === 'fulfilled' ? 'executed' : 'rejected');
    }
  });
});

describe('a grace that lapsed', () => {
  let lapsed: string[];

  beforeEach(async () => {
    lapsed = [];
    test = await openTestLedger({ lateGraceMs: GRACE_MS, onLapse: ({ id }) => lapsed.push(id) });
    await test.open({ name: 'connector', accountType: AccountType.Connector, minimumAllowedBalance: -100_000n });
    await test.open({ name: 'other', accountType: AccountType.Connector, minimumAllowedBalance: -100_000n });
  });

  it('is told once, whoever finds it', async () => {
    const [swept, asked] = [await late(GRACE_MS + 1), await late(GRACE_MS + 1)];
    await expect(test.ledger.fulfilTransfer(asked, FULFILLMENT, CONNECTOR)).rejects.toMatchObject(NOT_IN_TIME);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([swept]);
    await expect(test.ledger.fulfilTransfer(asked, FULFILLMENT, CONNECTOR)).rejects.toMatchObject(NOT_IN_TIME);
    expect(lapsed).toEqual([asked, swept]);
  });

  it('is not one that its creditor ended, nor the end of a transfer without a grace', async () => {
    await test.ledger.fulfilTransfer(await late(), FULFILLMENT, CONNECTOR);
    await test.ledger.rejectTransfer(await late(), { message: 'not paid' }, CONNECTOR);
    const customers = await late(1, { creditAccount: 'bob' });
    const early = transferRequest({ creditAccount: 'connector' });
    await test.ledger.putTransfer(early, ALICE);
    await test.ledger.rejectTransfer(early.content.id, { message: 'expired' }, CONNECTOR);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([customers]);
    expect(lapsed).toEqual([]);
    expect(await test.ledger.reads.listLapsedTransfers(undefined, { limit: 10 })).toEqual({ transfers: [], count: 0 });
  });

  it('is in the list of its creditor and in that of all, newest first, page by page', async () => {
    const ids: string[] = [];
    for (const creditAccount of ['connector', 'connector', 'other', 'connector']) {
      ids.push(await late(GRACE_MS + 1, { creditAccount }));
      await test.ledger.rejectExpiredTransfers();
    }
    const [oldest, old, others, newest] = ids;
    const listed = async (account?: string, page: { before?: string; limit?: number } = {}) => {
      const { transfers, count } = await test.ledger.reads.listLapsedTransfers(account, { limit: 10, ...page });
      return [count, ...transfers.map(({ id }) => id)];
    };
    expect(await listed('connector')).toEqual([3, newest, old, oldest]);
    expect(await listed('connector', { limit: 2 })).toEqual([3, newest, old]);
    expect(await listed('connector', { limit: 2, before: old! })).toEqual([3, oldest]);
    expect(await listed()).toEqual([4, newest, others, old, oldest]);
    expect(await listed('alice')).toEqual([0]);
  });

  it('counts also where the release before prepared the transfer', async () => {
    const id = await late(GRACE_MS + 1);
    await test.writePast('UPDATE transfers SET open_until = NULL');
    await test.ledger.rejectExpiredTransfers();
    expect(lapsed).toEqual([id]);
    expect(await test.ledger.reads.listLapsedTransfers('connector', { limit: 1 })).toMatchObject({ count: 1 });
  });
});
