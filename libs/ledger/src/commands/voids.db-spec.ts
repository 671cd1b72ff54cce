import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FULFILLMENT, openTestLedger, ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, ChargeKind, FundsDirection } from '@level-one/transfer';

const ALICE = ownerOf('alice');
const FEE = { debitAccount: 'alice', creditAccount: 'fee', amount: 1n, kind: ChargeKind.Fee };
const IS_VOID = { id: 'ExpiredTransferError', status: 422 };
const UNKNOWN = { id: 'NotFoundError', status: 404 };

let test: TestLedger;

beforeEach(async () => {
  test = await openTestLedger();
  await test.open({ name: 'fee', accountType: AccountType.Fee });
});

afterEach(() => test.close());

describe('ruling 40: an id that is void', () => {
  it('never becomes a transfer, whoever sends it, however often; it stays unknown', async () => {
    const request = transferRequest();
    const { id } = request.content;
    expect(await test.ledger.voidTransfer(id)).toBeUndefined();
    expect(await test.ledger.voidTransfer(id)).toBeUndefined();
    for (const authorized of [true, false, true]) {
      await expect(test.ledger.putTransfer({ ...request, authorized }, ALICE)).rejects.toMatchObject(IS_VOID);
    }
    await expect(test.ledger.putCharges(id, [FEE])).rejects.toMatchObject(IS_VOID);
    const funds = { id, account: 'alice', amount: 1n, direction: FundsDirection.In, reference: 'bank' };
    await expect(test.ledger.moveFunds(funds)).rejects.toMatchObject(IS_VOID);
    await expect(test.ledger.reads.readTransfer(id)).rejects.toMatchObject(UNKNOWN);
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, ALICE)).rejects.toMatchObject(UNKNOWN);
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
  });

  it('has no charges any more, whether they were stored, known from memory, or come in the same batch', async () => {
    const [stored, kept, atOnce] = [randomUUID(), randomUUID(), randomUUID()];
    await test.ledger.putCharges(stored, [FEE]);
    const other = await test.anotherInstance();
    await other.ledger.voidTransfer(stored);
    await test.ledger.putCharges(kept, [FEE]);
    await test.ledger.voidTransfer(kept);
    await Promise.all([test.ledger.putCharges(atOnce, [FEE]), test.ledger.voidTransfer(atOnce)]);
    for (const id of [stored, kept, atOnce]) {
      expect(await test.ledger.reads.listCharges(id)).toEqual([]);
      await expect(test.ledger.putTransfer(transferRequest({ id }), ALICE)).rejects.toMatchObject(IS_VOID);
    }
  });

  it('is void for an instance that has other rows of the ledger in memory', async () => {
    const other = await test.anotherInstance();
    await test.ledger.putTransfer(transferRequest(), ALICE);
    const { content } = transferRequest();
    await other.ledger.voidTransfer(content.id);
    await expect(test.ledger.putTransfer(transferRequest(content), ALICE)).rejects.toMatchObject(IS_VOID);
    // The next batch knows again what it has to know.
    await test.ledger.putTransfer(transferRequest(), ALICE);
    await expect(test.ledger.putTransfer(transferRequest(content), ALICE)).rejects.toMatchObject(IS_VOID);
  });
});

describe('ruling 40: voiding a known transfer', () => {
  it('changes nothing and answers it, in each state', async () => {
    const proposed = transferRequest({}, { authorized: false });
    const prepared = transferRequest();
    const executed = transferRequest();
    const rejected = transferRequest();
    for (const request of [proposed, prepared, executed, rejected]) await test.ledger.putTransfer(request, ALICE);
    await test.ledger.fulfilTransfer(executed.content.id, FULFILLMENT, ALICE);
    await test.ledger.rejectTransfer(rejected.content.id, { message: 'no' }, ownerOf('bob'));
    const states = [];
    for (const { content } of [proposed, prepared, executed, rejected]) {
      states.push((await test.ledger.voidTransfer(content.id))?.state);
    }
    expect(states).toEqual(['proposed', 'prepared', 'executed', 'rejected']);
    expect(await test.ledger.fulfilTransfer(prepared.content.id, FULFILLMENT, ALICE)).toBe(FULFILLMENT);
  });

  it('answers an overdue one as expired', async () => {
    const request = transferRequest();
    await test.ledger.putTransfer(request, ALICE);
    await test.letExpire(request.content.id);
    expect(await test.ledger.voidTransfer(request.content.id)).toMatchObject({
      state: 'rejected',
      rejectionReason: 'expired',
    });
  });

  it('at the same moment as it is sent has one winner, at any instance', async () => {
    const other = await test.anotherInstance();
    const wins = { put: 0, void: 0 };
    for (let round = 0; round < 30; round += 1) {
      const request = transferRequest();
      const { id } = request.content;
      const [first, second] = round % 2 === 0 ? [test.ledger, other.ledger] : [other.ledger, test.ledger];
      const [put, voided] = await Promise.allSettled([first.putTransfer(request, ALICE), second.voidTransfer(id)]);
      const wasVoided = voided.status === 'fulfilled' && voided.value === undefined;
      expect(put.status).toBe(wasVoided ? 'rejected' : 'fulfilled');
      expect(await test.states(id)).toEqual(wasVoided ? [] : ['prepared']);
      wins[wasVoided ? 'void' : 'put'] += 1;
    }
    expect(wins.put + wins.void).toBe(30);
  });
});

describe('an id that is void for the debits of one account', () => {
  it('is refused to it, and to nobody else, at any instance', async () => {
    const other = await test.anotherInstance();
    const { content } = transferRequest();
    const { id } = content;
    await test.ledger.putTransfer(transferRequest(), ALICE);
    expect(await other.ledger.voidTransfer(id, 'alice')).toBeUndefined();
    expect(await test.ledger.voidTransfer(id, 'alice')).toBeUndefined();
    for (const { ledger } of [test, other]) {
      await expect(ledger.putTransfer(transferRequest(content), ALICE)).rejects.toMatchObject(IS_VOID);
      await expect(ledger.putTransfer(transferRequest(content, { authorized: false }), ALICE)).rejects.toMatchObject(
        IS_VOID,
      );
    }
    await test.issue('carol', 100n);
    const ofCarol = transferRequest({ id, debitAccount: 'carol' });
    expect(await test.ledger.putTransfer(ofCarol, ownerOf('carol'))).toMatchObject({ created: true });
    // What others do under the id is not shown.
    expect(await test.ledger.voidTransfer(id, 'alice')).toBeUndefined();
    expect(await test.ledger.voidTransfer(id, 'carol')).toMatchObject({ state: 'prepared' });
    expect(await test.ledger.voidTransfer(id)).toMatchObject({ state: 'prepared' });
  });

  it('is void for all, once somebody voids it so', async () => {
    const { content } = transferRequest();
    await test.ledger.putCharges(content.id, [FEE]);
    await test.ledger.voidTransfer(content.id, 'carol');
    expect(await test.ledger.reads.listCharges(content.id)).toHaveLength(1);
    expect(await test.ledger.voidTransfer(content.id)).toBeUndefined();
    expect(await test.ledger.reads.listCharges(content.id)).toEqual([]);
    await expect(test.ledger.putTransfer(transferRequest(content), ALICE)).rejects.toMatchObject(IS_VOID);
  });

  it('at the same moment as it is sent has one winner, at any instance', async () => {
    const other = await test.anotherInstance();
    for (let round = 0; round < 20; round += 1) {
      const request = transferRequest();
      const { id } = request.content;
      const [first, second] = round % 2 === 0 ? [test.ledger, other.ledger] : [other.ledger, test.ledger];
      const [put, voided] = await Promise.allSettled([
        first.putTransfer(request, ALICE),
        second.voidTransfer(id, 'alice'),
      ]);
      const wasVoided = voided.status === 'fulfilled' && voided.value === undefined;
      expect([put.status, await test.states(id)]).toEqual(wasVoided ? ['rejected', []] : ['fulfilled', ['prepared']]);
    }
  });
});
