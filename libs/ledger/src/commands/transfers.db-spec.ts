import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, FULFILLMENT, openTestLedger, ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { TransferState } from '@level-one/transfer';

const ALICE = ownerOf('alice');
const BOB = ownerOf('bob');
const OTHER_CONDITION = 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32';
const OTHER_FULFILLMENT = 'oCKAIIYvEbZPFojkJML-W6Xl60qEY-NWz10fHN4X5-Yv-s8k';

let test: TestLedger;

beforeEach(async () => {
  test = await openTestLedger();
});

afterEach(async () => {
  await test.close();
});

describe('a transfer with a condition', () => {
  it('holds at its prepare and moves at its fulfilment', async () => {
    const request = transferRequest();
    const { id } = request.content;
    const { transfer, created } = await test.ledger.putTransfer(request, ALICE);
    expect([created, transfer.state]).toEqual([true, TransferState.Prepared]);
    expect(await test.funds('alice')).toEqual([10_000n, 100n]);
    expect(await test.funds('bob')).toEqual([0n, 0n]);

    expect(await test.ledger.fulfilTransfer(id, FULFILLMENT, BOB)).toBe(FULFILLMENT);
    expect(await test.funds('alice')).toEqual([9_900n, 0n]);
    expect(await test.funds('bob')).toEqual([100n, 0n]);
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'executed', fulfillment: FULFILLMENT });
    expect(await test.states(id)).toEqual(['prepared', 'executed']);
  });

  it('is proposed until its debit is authorized (N60)', async () => {
    const request = transferRequest();
    const { id } = request.content;
    const proposed = await test.ledger.putTransfer({ ...request, authorized: false }, BOB);
    expect(proposed.transfer.state).toBe('proposed');
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);

    const authorized = await test.ledger.putTransfer(request, ALICE);
    expect([authorized.created, authorized.transfer.state]).toEqual([false, 'prepared']);
    expect(await test.funds('alice')).toEqual([10_000n, 100n]);
    expect(await test.states(id)).toEqual(['proposed', 'prepared']);
  });

  it('releases its hold when it is rejected (N69, N75)', async () => {
    const request = transferRequest();
    const { id } = request.content;
    await test.ledger.putTransfer(request, ALICE);
    await expect(test.ledger.rejectTransfer(id, { message: 'no' }, ALICE)).rejects.toMatchObject({ status: 403 });

    const reason = { code: 'F99', message: 'not today' };
    const rejected = await test.ledger.rejectTransfer(id, reason, BOB);
    expect(rejected).toMatchObject({ state: 'rejected', rejectionReason: 'not today', rejectionMessage: reason });
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);

    const again = await test.ledger.rejectTransfer(id, { message: 'another reason' }, BOB);
    expect(again.rejectionReason).toBe('not today');
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, BOB)).rejects.toMatchObject({
      id: 'InvalidModificationError',
      message: 'Transfers in state rejected may not be executed',
    });
    await expect(test.ledger.reads.readFulfillment(id)).rejects.toMatchObject({ id: 'AlreadyRolledBackError' });
    expect(await test.states(id)).toEqual(['prepared', 'rejected']);
  });

  it('may be rejected by a PUT of its credit side', async () => {
    const request = transferRequest();
    await test.ledger.putTransfer(request, ALICE);
    const { transfer } = await test.ledger.putTransfer({ ...request, rejection: { message: 'no' } }, BOB);
    expect(transfer).toMatchObject({ state: 'rejected', rejectionReason: 'no' });
    // A repeat of the first request is answered with the same transfer.
    expect((await test.ledger.putTransfer(request, ALICE)).transfer.state).toBe('rejected');
  });

  it('is cancelled by the fulfillment of its cancellation condition', async () => {
    const request = transferRequest({ cancellationCondition: OTHER_CONDITION });
    const { id } = request.content;
    await test.ledger.putTransfer(request, ALICE);
    expect(await test.ledger.fulfilTransfer(id, OTHER_FULFILLMENT, BOB)).toBe(OTHER_FULFILLMENT);
    expect(await test.ledger.fulfilTransfer(id, OTHER_FULFILLMENT, BOB)).toBe(OTHER_FULFILLMENT);
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'rejected', rejectionReason: 'cancelled' });
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, BOB)).rejects.toMatchObject({
      id: 'InvalidModificationError',
    });
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
  });

  it('accepts a fulfillment in either spelling and keeps the first (N67, N78)', async () => {
    const request = transferRequest();
    const { id } = request.content;
    const cf = 'cf:0:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
    await test.ledger.putTransfer(request, ALICE);
    expect(await test.ledger.fulfilTransfer(id, cf, BOB)).toBe(cf);
    expect(await test.ledger.fulfilTransfer(id, FULFILLMENT, BOB)).toBe(cf);
    expect(await test.ledger.reads.readFulfillment(id)).toBe(cf);
    await expect(test.ledger.fulfilTransfer(id, OTHER_FULFILLMENT, BOB)).rejects.toMatchObject({
      id: 'UnmetConditionError',
    });
    expect(await test.funds('bob')).toEqual([100n, 0n]);
  });
});

describe('a transfer without condition', () => {
  it('is executed at once, and can be neither fulfilled nor rejected (N64, N69)', async () => {
    const request = transferRequest({ executionCondition: null, expiresAt: null });
    const { id } = request.content;
    const { transfer } = await test.ledger.putTransfer(request, ALICE);
    expect(transfer.state).toBe('executed');
    expect(await test.funds('bob')).toEqual([100n, 0n]);
    const refusal = { id: 'TransferNotConditionalError' };
    await expect(test.ledger.fulfilTransfer(id, FULFILLMENT, BOB)).rejects.toMatchObject(refusal);
    await expect(test.ledger.rejectTransfer(id, { message: 'no' }, BOB)).rejects.toMatchObject(refusal);
    await expect(test.ledger.reads.readFulfillment(id)).rejects.toMatchObject(refusal);
    expect(await test.states(id)).toEqual(['executed']);
  });

  it('from an account to itself adds entries and changes no balance', async () => {
    await test.ledger.putTransfer(transferRequest({ creditAccount: 'alice', executionCondition: null }), ALICE);
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
  });
});

describe('the same id again', () => {
  it('with the same content is one transfer (N55)', async () => {
    const request = transferRequest({ debitMemo: { a: 1, b: [2] } });
    const first = await test.ledger.putTransfer(request, ALICE);
    const sameMemo = { ...request, content: { ...request.content, debitMemo: { b: [2], a: 1 } } };
    const second = await test.ledger.putTransfer(sameMemo, ALICE);
    expect([first.created, second.created]).toEqual([true, false]);
    expect(await test.funds('alice')).toEqual([10_000n, 100n]);
    expect(await test.states(request.content.id)).toEqual(['prepared']);

    await test.ledger.fulfilTransfer(request.content.id, FULFILLMENT, BOB);
    const third = await test.ledger.putTransfer(request, ALICE);
    expect(third).toMatchObject({ created: false, transfer: { state: 'executed' } });
  });

  it.each([
    ['amount', { amount: 101n }],
    ['expiry', { expiresAt: new Date(Date.now() + 61_000) }],
    ['account', { creditAccount: 'carol' }],
    ['condition', { executionCondition: OTHER_CONDITION }],
    ['memo', { creditMemo: { other: true } }],
  ])('with another %s is refused, open or final (N56)', async (_, change) => {
    const request = transferRequest();
    const changed = { ...request, content: { ...request.content, ...change } };
    await test.ledger.putTransfer(request, ALICE);
    await expect(test.ledger.putTransfer(changed, ALICE)).rejects.toMatchObject({ id: 'InvalidModificationError' });
    await test.ledger.fulfilTransfer(request.content.id, FULFILLMENT, BOB);
    await expect(test.ledger.putTransfer(changed, ALICE)).rejects.toMatchObject({ id: 'InvalidModificationError' });
  });

  it('at the same moment has one effect, also at two instances', async () => {
    const other = await test.anotherInstance();
    const request = transferRequest();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? other : test).ledger.putTransfer(request, ALICE)),
    );
    expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(outcomes.map(({ transfer }) => transfer.state))).toEqual(new Set(['prepared']));
    expect(await test.funds('alice')).toEqual([10_000n, 100n]);
    expect(await test.states(request.content.id)).toEqual(['prepared']);
  });
});

describe('funds', () => {
  it('are not spent twice by parallel prepares (N73)', async () => {
    const other = await test.anotherInstance();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? other : test).ledger.putTransfer(transferRequest({ amount: 3_000n }), ALICE),
      ),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(refused).toHaveLength(17);
    for (const reason of refused)
      expect(reason).toMatchObject({ id: 'InsufficientFundsError', extras: { owner: 'alice' } });
    expect(await test.funds('alice')).toEqual([10_000n, 9_000n]);
  });

  it('go down to the floor and no further', async () => {
    await test.open({ name: 'connector', minimumAllowedBalance: -500n });
    const all = transferRequest({ debitAccount: 'connector', amount: 500n });
    const more = transferRequest({ debitAccount: 'connector', amount: 1n });
    await test.ledger.putTransfer(all, ownerOf('connector'));
    await expect(test.ledger.putTransfer(more, ownerOf('connector'))).rejects.toMatchObject({
      id: 'InsufficientFundsError',
    });
  });

  it('of accounts that pay each other never deadlock', async () => {
    const other = await test.anotherInstance();
    await test.open({ name: 'bob', balance: 10_000n });
    await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const forth = { debitAccount: 'alice', creditAccount: 'bob' };
        const back = { debitAccount: 'bob', creditAccount: 'alice' };
        const request = transferRequest(i % 2 ? forth : back);
        await (i % 3 ? other : test).ledger.putTransfer(request, ADMIN);
        await (i % 3 ? test : other).ledger.fulfilTransfer(request.content.id, FULFILLMENT, BOB);
      }),
    );
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
    expect(await test.funds('bob')).toEqual([10_000n, 0n]);
  });

  it('cannot be held on an account that is unknown or disabled (N72)', async () => {
    await test.open({ name: 'closed', isDisabled: true });
    await expect(test.ledger.putTransfer(transferRequest({ creditAccount: 'nobody' }), ALICE)).rejects.toMatchObject({
      status: 422,
      message: 'Account `nobody` does not exist',
    });
    await expect(test.ledger.putTransfer(transferRequest({ creditAccount: 'closed' }), ALICE)).rejects.toMatchObject({
      status: 422,
    });
  });

  it('are held and moved only by callers with the right to do so (N76)', async () => {
    await expect(test.ledger.putTransfer(transferRequest(), BOB)).rejects.toMatchObject({
      status: 403,
      message: 'Invalid attempt to authorize debit',
    });
    await expect(test.ledger.putTransfer(transferRequest(), ownerOf('carol'))).rejects.toMatchObject({ status: 403 });
  });

  it('of a new account are booked against issuance, and once only', async () => {
    await test.open({ name: 'dave', balance: 5_000n });
    await test.open({ name: 'dave', balance: 5_000n });
    expect(await test.funds('dave')).toEqual([5_000n, 0n]);
    expect(await test.funds('issuance')).toEqual([-15_000n, 0n]);
  });
});
