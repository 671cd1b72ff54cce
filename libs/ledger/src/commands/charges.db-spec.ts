import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FULFILLMENT, openTestLedger, ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, ChargeKind, type TransferRequest } from '@level-one/transfer';
import { type Charge } from '../schema/charge.entity.js';

const ALICE = ownerOf('alice');
const BOB = ownerOf('bob');
const OTHER_CONDITION = 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32';
const OTHER_FULFILLMENT = 'oCKAIIYvEbZPFojkJML-W6Xl60qEY-NWz10fHN4X5-Yv-s8k';

let test: TestLedger;

beforeEach(async () => {
  test = await openTestLedger();
  await Promise.all([
    test.open({ name: 'fee', accountType: AccountType.Fee }),
    test.open({ name: 'house', accountType: AccountType.Commission, balance: 1_000n }),
    test.open({ name: 'agent', accountType: AccountType.AgentCommission }),
  ]);
});

afterEach(() => test.close());

function charge(debitAccount: string, creditAccount: string, amount: bigint, kind = ChargeKind.Fee): Charge {
  return { debitAccount, creditAccount, amount, kind };
}

/** The payer pays a fee of 0.20, an agent earns 0.05 for it; the payee pays a fee of 0.10. */
const CHARGES = [
  charge('alice', 'fee', 20n),
  charge('house', 'agent', 5n, ChargeKind.Commission),
  charge('bob', 'fee', 10n),
];

type When = 'before its prepare' | 'while it is proposed' | 'while it is prepared';

/** Prepares a transfer of 1.00 from alice to bob; its charges are put at the given time. */
async function prepared(charges: readonly Charge[], when: When = 'before its prepare'): Promise<TransferRequest> {
  const request = transferRequest();
  const { id } = request.content;
  if (when === 'while it is proposed') await test.ledger.putTransfer({ ...request, authorized: false }, BOB);
  if (when !== 'while it is prepared') await test.ledger.putCharges(id, charges);
  await test.ledger.putTransfer(request, ALICE);
  if (when === 'while it is prepared') await test.ledger.putCharges(id, charges);
  return request;
}

async function fundsOf(...names: string[]): Promise<Record<string, [bigint, bigint]>> {
  const funds = await Promise.all(names.map(async (name) => [name, await test.funds(name)] as const));
  return Object.fromEntries(funds);
}

/** Entries of a transfer as "account amount kind", in order. */
async function booked(id: string): Promise<string[]> {
  const rows: { line: string }[] = await test.dataSource.query(
    `SELECT account || ' ' || amount || ' ' || kind AS line FROM entries WHERE transfer_id = $1 ORDER BY id`,
    [id],
  );
  return rows.map(({ line }) => line);
}

async function letExpire(id: string): Promise<void> {
  await test.letExpire(id);
}

describe.each<When>(['before its prepare', 'while it is proposed', 'while it is prepared'])(
  'a transfer that is given charges %s',
  (when) => {
    it('holds them with its amount, and books them with it', async () => {
      const { id } = (await prepared(CHARGES, when)).content;
      expect(await fundsOf('alice', 'bob', 'fee', 'agent')).toEqual({
        alice: [10_000n, 120n],
        // The fee of bob is covered by the amount he receives.
        bob: [0n, 0n],
        fee: [0n, 0n],
        agent: [0n, 0n],
      });
      expect(await booked(id)).toEqual([]);

      await test.ledger.fulfilTransfer(id, FULFILLMENT, BOB);
      expect(await fundsOf('alice', 'bob', 'fee', 'agent')).toEqual({
        alice: [9_880n, 0n],
        bob: [90n, 0n],
        fee: [30n, 0n],
        agent: [5n, 0n],
      });
      expect(await booked(id)).toEqual([
        'alice -100 transfer',
        'bob 100 transfer',
        'alice -20 fee',
        'fee 20 fee',
        'house -5 commission',
        'agent 5 commission',
        'bob -10 fee',
        'fee 10 fee',
      ]);
      const [{ moments }] = await test.dataSource.query(
        'SELECT count(DISTINCT booked_at)::int AS moments FROM entries WHERE transfer_id = $1',
        [id],
      );
      expect(moments).toBe(1);
    });

    it.each([
      ['rejected', (id: string) => test.ledger.rejectTransfer(id, { message: 'no' }, BOB)],
      ['expired', (id: string) => letExpire(id).then(() => test.ledger.rejectExpiredTransfers())],
    ])('gives everything back when it is %s', async (_, end) => {
      const { id } = (await prepared(CHARGES, when)).content;
      await end(id);
      expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'rejected' });
      expect(await fundsOf('alice', 'bob', 'fee', 'agent')).toEqual({
        alice: [10_000n, 0n],
        bob: [0n, 0n],
        fee: [0n, 0n],
        agent: [0n, 0n],
      });
      expect(await booked(id)).toEqual([]);
      expect(await test.ledger.reads.listCharges(id)).toEqual(CHARGES);
    });
  },
);

describe('charges', () => {
  it('are released when their transfer is cancelled', async () => {
    const request = transferRequest({ cancellationCondition: OTHER_CONDITION });
    await test.ledger.putCharges(request.content.id, CHARGES);
    await test.ledger.putTransfer(request, ALICE);
    await test.ledger.fulfilTransfer(request.content.id, OTHER_FULFILLMENT, BOB);
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
    expect(await booked(request.content.id)).toEqual([]);
  });

  it('of a transfer without a condition are booked with it at once', async () => {
    const request = transferRequest({ executionCondition: null, expiresAt: null });
    await test.ledger.putCharges(request.content.id, CHARGES);
    await test.ledger.putTransfer(request, ALICE);
    expect(await fundsOf('alice', 'bob', 'fee', 'agent')).toEqual({
      alice: [9_880n, 0n],
      bob: [90n, 0n],
      fee: [30n, 0n],
      agent: [5n, 0n],
    });
  });

  it('of the payee are held on its account only as far as they exceed the amount it receives', async () => {
    await prepared([charge('bob', 'fee', 60n), charge('bob', 'fee', 40n)]);
    expect(await test.funds('bob')).toEqual([0n, 0n]);
    await expect(prepared([charge('bob', 'fee', 60n), charge('bob', 'fee', 41n)])).rejects.toMatchObject({
      id: 'InsufficientFundsError',
      extras: { owner: 'bob' },
    });

    await test.open({ name: 'bob', balance: 50n });
    const { id } = (await prepared([charge('bob', 'fee', 130n)])).content;
    expect(await test.funds('bob')).toEqual([50n, 30n]);
    await test.ledger.fulfilTransfer(id, FULFILLMENT, BOB);
    expect(await test.funds('bob')).toEqual([20n, 0n]);
  });

  it('of the payee are not covered by charges that it receives', async () => {
    const charges = [charge('house', 'bob', 50n, ChargeKind.Commission), charge('bob', 'fee', 110n)];
    await expect(prepared(charges)).rejects.toMatchObject({ extras: { owner: 'bob' } });
  });

  it('of the DFSP are held on its account', async () => {
    const { id } = (await prepared([charge('house', 'agent', 15n, ChargeKind.Commission)])).content;
    expect(await test.funds('house')).toEqual([1_000n, 15n]);
    await test.ledger.fulfilTransfer(id, FULFILLMENT, BOB);
    expect(await fundsOf('house', 'agent')).toEqual({ house: [985n, 0n], agent: [15n, 0n] });
  });

  it.each<[When]>([['before its prepare'], ['while it is prepared']])(
    'that their account cannot pay are refused %s, and nothing is held for them',
    async (when) => {
      const tooMuch = [charge('house', 'agent', 1_001n, ChargeKind.Commission)];
      await expect(prepared(tooMuch, when)).rejects.toMatchObject({
        id: 'InsufficientFundsError',
        extras: { owner: 'house' },
      });
      expect(await test.funds('house')).toEqual([1_000n, 0n]);
      expect(await test.funds('alice')).toEqual([10_000n, when === 'while it is prepared' ? 100n : 0n]);
    },
  );

  it('may be put again unchanged, but not changed', async () => {
    const { id } = (await prepared(CHARGES)).content;
    const other = { id: 'InvalidModificationError', status: 400 };
    expect(await test.ledger.putCharges(id, CHARGES)).toMatchObject({ created: false, charges: CHARGES });
    await expect(test.ledger.putCharges(id, CHARGES.slice(1))).rejects.toMatchObject(other);
    await expect(test.ledger.putCharges(id, CHARGES.toReversed())).rejects.toMatchObject(other);
    await expect(test.ledger.putCharges(id, [charge('alice', 'fee', 21n)])).rejects.toMatchObject(other);
    expect(await test.funds('alice')).toEqual([10_000n, 120n]);
  });

  it('of a final transfer cannot be changed', async () => {
    const executed = (await prepared(CHARGES)).content;
    const without = (await prepared([charge('alice', 'fee', 1n)])).content;
    await test.ledger.fulfilTransfer(executed.id, FULFILLMENT, BOB);
    await test.ledger.rejectTransfer(without.id, { message: 'no' }, BOB);
    expect(await test.ledger.putCharges(executed.id, CHARGES)).toMatchObject({ created: false });
    for (const { id } of [executed, without]) {
      await expect(test.ledger.putCharges(id, [charge('alice', 'fee', 2n)])).rejects.toMatchObject({
        id: 'AlreadyExistsError',
        status: 422,
      });
    }
    expect(await test.funds('alice')).toEqual([9_880n, 0n]);
  });

  it('cannot be put to an expired transfer, even before the sweeper has run', async () => {
    const request = transferRequest();
    await test.ledger.putTransfer(request, ALICE);
    await letExpire(request.content.id);
    await expect(test.ledger.putCharges(request.content.id, CHARGES)).rejects.toMatchObject({ status: 422 });
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
  });

  it.each([
    ['from', AccountType.Commission, charge('shut', 'agent', 1n, ChargeKind.Commission)],
    ['to', AccountType.Fee, charge('alice', 'shut', 1n)],
  ])('%s a disabled or unknown account are refused', async (_, accountType, given) => {
    await expect(test.ledger.putCharges(randomUUID(), [given])).rejects.toMatchObject({
      status: 422,
      message: 'Account `shut` does not exist',
    });
    await test.open({ name: 'shut', accountType, balance: 10n });
    await test.ledger.putCharges(randomUUID(), [given]);
    await test.open({ name: 'shut', isDisabled: true });
    await expect(test.ledger.putCharges(randomUUID(), [given])).rejects.toMatchObject({
      status: 422,
      message: 'Account `shut` is disabled',
    });
  });

  it('of an account that was disabled later stop the prepare of their transfer, but not its execution', async () => {
    const before = transferRequest();
    const { id } = (await prepared([charge('house', 'agent', 1n, ChargeKind.Commission)])).content;
    await test.ledger.putCharges(before.content.id, [charge('house', 'agent', 1n, ChargeKind.Commission)]);
    await test.open({ name: 'agent', isDisabled: true });
    await expect(test.ledger.putTransfer(before, ALICE)).rejects.toMatchObject({
      message: 'Account `agent` is disabled',
    });
    await test.ledger.fulfilTransfer(id, FULFILLMENT, BOB);
    expect(await test.funds('agent')).toEqual([1n, 0n]);
  });

  it('that the DFSP pays for a transfer at the payer’s cap are held on the DFSP’s account alone', async () => {
    const request = transferRequest();
    await test.ledger.putTransfer(request, ALICE);
    await test.open({ name: 'alice', netDebitCap: 0n });
    await test.ledger.putCharges(request.content.id, [charge('house', 'agent', 15n, ChargeKind.Commission)]);
    expect(await fundsOf('alice', 'house')).toEqual({ alice: [10_000n, 100n], house: [1_000n, 15n] });
  });

  it('of a transfer from an account to itself are taken from its balance', async () => {
    const request = transferRequest({ creditAccount: 'alice', amount: 10_000n });
    await test.ledger.putCharges(request.content.id, [charge('alice', 'fee', 1n)]);
    await expect(test.ledger.putTransfer(request, ALICE)).rejects.toMatchObject({ id: 'InsufficientFundsError' });
    const smaller = transferRequest({ creditAccount: 'alice', amount: 9_999n });
    await test.ledger.putCharges(smaller.content.id, [charge('alice', 'fee', 1n)]);
    await test.ledger.putTransfer(smaller, ALICE);
    await test.ledger.fulfilTransfer(smaller.content.id, FULFILLMENT, ALICE);
    expect(await fundsOf('alice', 'fee')).toEqual({ alice: [9_999n, 0n], fee: [1n, 0n] });
  });

  it('put while their transfer is prepared, fulfilled or rejected are moved with it or refused', async () => {
    const other = await test.anotherInstance();
    for (let round = 0; round < 30; round += 1) {
      const request = transferRequest({ amount: 10n });
      const { id } = request.content;
      const charges = [charge('alice', 'fee', 1n), charge('bob', 'fee', 2n)];
      const end = (): Promise<unknown> =>
        round % 2
          ? test.ledger.fulfilTransfer(id, FULFILLMENT, BOB)
          : test.ledger.rejectTransfer(id, { message: 'no' }, BOB);
      const [given] = await Promise.allSettled([
        (round % 3 ? other : test).ledger.putCharges(id, charges),
        test.ledger.putTransfer(request, ALICE).then(end),
      ]);
      expect(await booked(id)).toHaveLength(round % 2 ? (given.status === 'fulfilled' ? 6 : 2) : 0);
    }
    expect((await test.funds('alice'))[1]).toBe(0n);
  });

  it('keep the sum of all accounts at zero', async () => {
    for (const when of ['before its prepare', 'while it is proposed', 'while it is prepared'] as const) {
      const { id } = (await prepared(CHARGES, when)).content;
      await test.ledger.fulfilTransfer(id, FULFILLMENT, BOB);
      const [{ sum }] = await test.dataSource.query('SELECT sum(posted)::text AS sum FROM accounts');
      expect(sum).toBe('0');
    }
    expect(await test.funds('fee')).toEqual([90n, 0n]);
  });
});
