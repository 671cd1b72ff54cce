import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, FULFILLMENT, openTestLedger, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, ChargeKind, type TransferContent } from '@level-one/transfer';
import { Settlements, type SettlementResult } from './settlements.js';

let test: TestLedger;
let settlements: Settlements;

beforeEach(async () => {
  test = await openTestLedger();
  settlements = new Settlements(test.dataSource);
  for (const name of ['dfsp1', 'dfsp2', 'dfsp3']) await test.open({ name, minimumAllowedBalance: null });
});

afterEach(() => test.close());

/** Pays from one DFSP to another. @returns the id of the transfer. */
async function pay(
  from: string,
  to: string,
  amount: bigint,
  content: Partial<TransferContent> = {},
  ledger = test.ledger,
): Promise<string> {
  const request = transferRequest({ debitAccount: from, creditAccount: to, amount, ...content });
  await ledger.putTransfer(request, ADMIN);
  await ledger.fulfilTransfer(request.content.id, FULFILLMENT, ADMIN);
  return request.content.id;
}

function netOf({ positions }: SettlementResult): Record<string, bigint> {
  return Object.fromEntries(
    positions.map((one) => [one.account, one.receipts - one.payments + one.feeReceipts - one.feePayments]),
  );
}

/** Ids of all transfers that a settlement covered, read in pages. */
async function coveredBy(id: string, limit = 2): Promise<string[]> {
  const covered: string[] = [];
  let after = '0';
  for (;;) {
    const page = await settlements.listTransfers(id, after, limit);
    covered.push(...page.map((transfer) => transfer.id));
    if (page.length < limit) return covered;
    after = page.at(-1)!.cursor;
  }
}

describe('a settlement', () => {
  it('states what each account has to pay or to receive, and lists each transfer once', async () => {
    const ids = [
      await pay('dfsp1', 'dfsp2', 1_000n),
      await pay('dfsp2', 'dfsp1', 300n),
      await pay('dfsp3', 'dfsp2', 50n),
    ];
    const settlement = await settlements.settle();
    expect(netOf(settlement)).toEqual({ dfsp1: -700n, dfsp2: 750n, dfsp3: -50n });
    expect(settlement.positions).toContainEqual({
      account: 'dfsp2',
      payments: 300n,
      receipts: 1_050n,
      feePayments: 0n,
      feeReceipts: 0n,
    });
    expect(settlement.transferCount).toBe(3);
    for (const limit of [1, 2, 3, 10]) expect(await coveredBy(settlement.id, limit)).toEqual(ids);
  });

  it('states charges separately', async () => {
    await test.open({ name: 'carol', accountType: AccountType.Fee });
    const id = randomUUID();
    await test.ledger.putCharges(id, [
      { debitAccount: 'dfsp1', creditAccount: 'carol', amount: 7n, kind: ChargeKind.Fee },
      { debitAccount: 'dfsp2', creditAccount: 'carol', amount: 3n, kind: ChargeKind.Fee },
    ]);
    await pay('dfsp1', 'dfsp2', 100n, { id });
    const settlement = await settlements.settle();
    expect(settlement).toMatchObject({
      transferCount: 1,
      positions: [
        { account: 'carol', payments: 0n, receipts: 0n, feePayments: 0n, feeReceipts: 10n },
        { account: 'dfsp1', payments: 100n, receipts: 0n, feePayments: 7n, feeReceipts: 0n },
        { account: 'dfsp2', payments: 0n, receipts: 100n, feePayments: 3n, feeReceipts: 0n },
      ],
    });
    expect(await coveredBy(settlement.id)).toEqual([id]);
  });

  it('covers neither holds, nor rejected transfers, nor issued money', async () => {
    await pay('dfsp1', 'dfsp2', 10n);
    const held = transferRequest({ debitAccount: 'dfsp1', creditAccount: 'dfsp2' });
    const rejected = transferRequest({ debitAccount: 'dfsp1', creditAccount: 'dfsp2' });
    for (const request of [held, rejected]) await test.ledger.putTransfer(request, ADMIN);
    await test.ledger.rejectTransfer(rejected.content.id, { message: 'no' }, ADMIN);
    await test.issue('dfsp1', 5_000n);
    expect(netOf(await settlements.settle())).toEqual({ dfsp1: -10n, dfsp2: 10n });

    await test.ledger.fulfilTransfer(held.content.id, FULFILLMENT, ADMIN);
    expect(netOf(await settlements.settle())).toEqual({ dfsp1: -100n, dfsp2: 100n });
  });

  it('resets every position, and changes no balance', async () => {
    await pay('dfsp1', 'dfsp2', 10n);
    await settlements.settle();
    const nothing = { payments: 0n, receipts: 0n, feePayments: 0n, feeReceipts: 0n };
    expect(await test.ledger.readPosition('dfsp1')).toEqual({ account: 'dfsp1', ...nothing });
    expect(
      (await test.ledger.listPositions()).every(({ payments, receipts }) => payments === 0n && receipts === 0n),
    ).toBe(true);
    expect(await test.funds('dfsp1')).toEqual([-10n, 0n]);

    await pay('dfsp1', 'dfsp2', 4n);
    expect(await test.ledger.readPosition('dfsp1')).toEqual({ account: 'dfsp1', ...nothing, payments: 4n });
  });

  it('without new transfers is recorded, and takes nothing from the next one', async () => {
    await pay('dfsp1', 'dfsp2', 10n);
    await settlements.settle();
    const empty = await settlements.settle();
    expect(empty).toMatchObject({ transferCount: 0, positions: [] });
    expect(await coveredBy(empty.id)).toEqual([]);
    await pay('dfsp1', 'dfsp2', 5n);
    const next = await settlements.settle();
    expect(netOf(next)).toEqual({ dfsp1: -5n, dfsp2: 5n });
    expect((await settlements.listSettlements(10)).map(({ transferCount }) => transferCount)).toEqual([1, 0, 1]);
    expect(await settlements.listSettlements(1)).toMatchObject([{ id: next.id }]);
  });

  it('of a ledger without transfers settles nothing', async () => {
    expect(await settlements.settle()).toMatchObject({ transferCount: 0, positions: [] });
  });

  it('that runs several times at once settles each transfer once', async () => {
    const other = new Settlements((await test.anotherInstance()).dataSource);
    for (let round = 0; round < 3; round += 1) {
      const ids = await Promise.all([1n, 2n, 3n].map((amount) => pay('dfsp1', 'dfsp2', amount)));
      const runs = await Promise.all([settlements, other, settlements, other].map((one) => one.settle()));
      const covered = (await Promise.all(runs.map(({ id }) => coveredBy(id)))).flat();
      expect(covered.toSorted()).toEqual(ids.toSorted());
      expect(runs.map(({ transferCount }) => transferCount).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 3]);
    }
  });

  it('that runs during payments settles each of them once, in this run or the next', async () => {
    const other = await test.anotherInstance();
    const paid = { all: false };
    const paying = Promise.all(
      Array.from({ length: 120 }, (_, i) => pay('dfsp1', 'dfsp2', BigInt(i + 1), {}, (i % 2 ? other : test).ledger)),
    ).finally(() => (paid.all = true));
    const runs: SettlementResult[] = [];
    while (!paid.all) runs.push(await settlements.settle());
    const ids = await paying;
    runs.push(await settlements.settle());

    const covered = (await Promise.all(runs.map(({ id }) => coveredBy(id, 50)))).flat();
    expect(covered).toHaveLength(ids.length);
    expect(new Set(covered)).toEqual(new Set(ids));
    const received = runs.map((run) => netOf(run)['dfsp2'] ?? 0n).reduce((sum, net) => sum + net);
    expect(received).toBe(BigInt((120 * 121) / 2));
  });

  it('that does not exist is not found', async () => {
    await expect(settlements.readSettlement(randomUUID())).rejects.toMatchObject({ status: 404, id: 'NotFoundError' });
  });
});

describe('the record of a settlement', () => {
  beforeEach(async () => {
    await pay('dfsp1', 'dfsp2', 10n);
    await settlements.settle();
  });

  it.each([
    'UPDATE settlements SET transfer_count = 0',
    'DELETE FROM settlements',
    'TRUNCATE settlements CASCADE',
    'UPDATE settlement_positions SET payments = 0',
    'DELETE FROM settlement_positions',
    'TRUNCATE settlement_positions',
  ])('is final: the database refuses %s', async (sql) => {
    await expect(test.dataSource.query(sql)).rejects.toThrow(/what is booked stays booked/);
  });

  it.each([
    ['the same entries', 'after_entry, to_entry'],
    ['some of them', 'to_entry - 1, to_entry + 10'],
    ['all of them and more', '0, to_entry + 10'],
  ])('excludes another settlement of %s', async (_, range) => {
    await expect(
      test.dataSource.query(
        `INSERT INTO settlements SELECT gen_random_uuid(), ${range}, 1, now() FROM settlements LIMIT 1`,
      ),
    ).rejects.toThrow(/settlements_settle_once/);
  });
});
