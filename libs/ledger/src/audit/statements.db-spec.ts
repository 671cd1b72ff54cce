import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FULFILLMENT, openTestLedger, ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, ChargeKind } from '@level-one/transfer';
import { type StatementEntry, Statements } from './statements.js';

const ALICE = ownerOf('alice');

let test: TestLedger;
let statements: Statements;

beforeEach(async () => {
  test = await openTestLedger();
  statements = new Statements(test.dataSource);
});

afterEach(() => test.close());

/** Pays bob an amount in minor units without a condition. @returns the time of the booking. */
async function pay(amount: bigint): Promise<Date> {
  const { transfer } = await test.ledger.putTransfer(transferRequest({ amount, executionCondition: null }), ALICE);
  return transfer.executedAt!;
}

/** A time after all entries so far and before all later ones. */
async function aMomentLater(): Promise<Date> {
  const [{ now }] = await test.dataSource.query(
    `SELECT date_trunc('milliseconds', clock_timestamp()) + interval '1 ms' AS now, pg_sleep(0.005)`,
  );
  return now;
}

const amountsOf = (entries: StatementEntry[]): bigint[] => entries.map(({ amount }) => amount);

describe('the statement of an account', () => {
  it('has the newest entry first, each with its counterparty and the balance it left', async () => {
    await pay(100n);
    await pay(250n);
    expect(await statements.listEntries('alice', { limit: 10 })).toMatchObject([
      { counterparty: 'bob', kind: 'transfer', amount: -250n, balance: 9_650n },
      { counterparty: 'bob', kind: 'transfer', amount: -100n, balance: 9_900n },
      { counterparty: 'issuance', kind: 'issuance', amount: 10_000n, balance: 10_000n },
    ]);
    expect(await statements.listEntries('bob', { limit: 10 })).toMatchObject([
      { counterparty: 'alice', amount: 250n, balance: 350n },
      { counterparty: 'alice', amount: 100n, balance: 100n },
    ]);
  });

  it('shows charges as entries of their own kind', async () => {
    const request = transferRequest({ amount: 1_000n });
    await test.open({ name: 'fees', accountType: AccountType.Fee });
    await test.open({ name: 'house', accountType: AccountType.Commission, balance: 10n });
    await test.ledger.putCharges(request.content.id, [
      { debitAccount: 'bob', creditAccount: 'fees', amount: 30n, kind: ChargeKind.Fee },
      { debitAccount: 'house', creditAccount: 'alice', amount: 10n, kind: ChargeKind.Commission },
    ]);
    await test.ledger.putTransfer(request, ALICE);
    await test.ledger.fulfilTransfer(request.content.id, FULFILLMENT, ALICE);
    expect(await statements.listEntries('house', { limit: 10 })).toMatchObject([
      { counterparty: 'alice', kind: 'commission', amount: -10n, balance: 0n },
      { counterparty: 'issuance', kind: 'issuance', amount: 10n, balance: 10n },
    ]);
    expect(await statements.listEntries('fees', { limit: 10 })).toMatchObject([
      { counterparty: 'bob', kind: 'fee', amount: 30n, balance: 30n },
    ]);
    expect(amountsOf(await statements.listEntries('bob', { limit: 10 }))).toEqual([-30n, 1_000n]);
  });

  it('shows both sides of a transfer from an account to itself', async () => {
    await test.ledger.putTransfer(transferRequest({ creditAccount: 'alice', executionCondition: null }), ALICE);
    expect(await statements.listEntries('alice', { limit: 2 })).toMatchObject([
      { counterparty: 'alice', amount: 100n, balance: 10_000n },
      { counterparty: 'alice', amount: -100n, balance: 9_900n },
    ]);
  });

  it('does not show holds', async () => {
    await test.ledger.putTransfer(transferRequest(), ALICE);
    expect(await statements.listEntries('alice', { limit: 10 })).toHaveLength(1);
  });

  it('has pages that miss and repeat no entry, while others are booked', async () => {
    for (const amount of [1n, 2n, 3n, 4n, 5n]) await pay(amount);
    const pages: bigint[][] = [];
    let before: string | undefined;
    do {
      const page = await statements.listEntries('alice', { limit: 2, before });
      pages.push(amountsOf(page));
      before = page.at(-1)?.id;
      await pay(100n);
    } while (before !== undefined);
    expect(pages).toEqual([[-5n, -4n], [-3n, -2n], [-1n, 10_000n], []]);
  });

  it('with `after` and `until` shows entries later than `after`, up to and including `until`', async () => {
    const start = await aMomentLater();
    const first = await pay(1n);
    const middle = await aMomentLater();
    const second = await pay(2n);
    const end = await aMomentLater();
    await pay(3n);
    const amounts = async (after: Date | undefined, until: Date | undefined): Promise<bigint[]> =>
      amountsOf(await statements.listEntries('alice', { limit: 10, after, until }));

    expect(await amounts(start, end)).toEqual([-2n, -1n]);
    expect(await amounts(middle, end)).toEqual([-2n]);
    expect(await amounts(start, middle)).toEqual([-1n]);
    expect(await amounts(undefined, start)).toEqual([10_000n]);
    expect(await amounts(end, undefined)).toEqual([-3n]);
    expect(await amounts(end, start)).toEqual([]);
    expect(await amounts(first, second)).toEqual([-2n]);
  });

  it('is empty for an account without entries, and in a ledger without entries', async () => {
    expect(await statements.listEntries('carol', { limit: 10 })).toEqual([]);
    const long = new Date('1999-12-31T00:00:00Z');
    expect(await statements.listEntries('alice', { limit: 10, until: long })).toEqual([]);
  });
});

describe('the balance of an account at a time', () => {
  it('is the balance after its entries until then, without holds', async () => {
    const start = await aMomentLater();
    const first = await pay(1n);
    await test.ledger.putTransfer(transferRequest({ amount: 5_000n }), ALICE);
    const middle = await aMomentLater();
    await pay(2n);
    const end = await aMomentLater();

    expect(await statements.readBalanceAt('alice', new Date('1999-12-31T00:00:00Z'))).toMatchObject({ balance: 0n });
    expect(await statements.readBalanceAt('alice', start)).toMatchObject({ balance: 10_000n });
    expect(await statements.readBalanceAt('alice', first)).toMatchObject({ balance: 9_999n });
    expect(await statements.readBalanceAt('alice', middle)).toMatchObject({ balance: 9_999n });
    expect(await statements.readBalanceAt('alice', end)).toMatchObject({ balance: 9_997n });
    expect(await statements.readBalanceAt('bob', middle)).toMatchObject({ balance: 1n });
    expect(await statements.readBalanceAt('carol', end)).toMatchObject({ balance: 0n });
  });

  it('is right when entry numbers have gaps', async () => {
    const times: Date[] = [];
    for (const amount of [1n, 2n, 3n, 4n]) {
      await pay(amount);
      times.push(await aMomentLater());
      await test.dataSource.query(`SELECT nextval(pg_get_serial_sequence('entries', 'id')) FROM generate_series(1, 7)`);
    }
    const found = await Promise.all(times.map((time) => statements.readBalanceAt('bob', time)));
    const balances = found.map(({ balance }) => balance);
    expect(balances).toEqual([1n, 3n, 6n, 10n]);
  });
});
