import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, FULFILLMENT, openTestLedger, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, ChargeKind, type TransferContent } from '@level-one/transfer';
import { netOf } from './positions.js';
import { type ConfirmedMovement, SettlementConfirmations } from './settlement-confirmations.js';
import { outstandingOf, SettlementWindows, type WindowPositions, WindowState } from './settlement-windows.js';

let test: TestLedger;
let windows: SettlementWindows;
let confirmations: SettlementConfirmations;

beforeEach(async () => {
  test = await openTestLedger();
  windows = new SettlementWindows(test.dataSource);
  confirmations = new SettlementConfirmations(test.dataSource, (booked) => test.ledger.confirmSettlement(booked));
  await test.open({ name: 'settlement', accountType: AccountType.Settlement, minimumAllowedBalance: null });
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

function netsOf({ positions }: WindowPositions): Record<string, bigint> {
  return Object.fromEntries(positions.map((position) => [position.account, netOf(position)]));
}

/** Ids of all transfers that a window holds, read in pages. */
async function coveredBy(id: string, limit = 2): Promise<string[]> {
  const covered: string[] = [];
  let after = '0';
  for (;;) {
    const page = await windows.listTransfers(id, after, limit);
    covered.push(...page.map((transfer) => transfer.id));
    if (page.length < limit) return covered;
    after = page.at(-1)!.cursor;
  }
}

describe('a window', () => {
  it('states what each account has to pay or to receive, and lists each transfer once', async () => {
    const ids = [
      await pay('dfsp1', 'dfsp2', 1_000n),
      await pay('dfsp2', 'dfsp1', 300n),
      await pay('dfsp3', 'dfsp2', 50n),
    ];
    const [open] = await windows.listWindows({ limit: 1 });
    expect(netsOf(await windows.readWindow(open!.id))).toEqual({ dfsp1: -700n, dfsp2: 750n, dfsp3: -50n });
    const window = await windows.closeWindow();
    expect(window).toMatchObject({ id: open!.id, number: 1, state: WindowState.Closed, transferCount: 3 });
    expect(netsOf(window)).toEqual({ dfsp1: -700n, dfsp2: 750n, dfsp3: -50n });
    expect(window.positions).toContainEqual({
      account: 'dfsp2',
      payments: 300n,
      receipts: 1_050n,
      feePayments: 0n,
      feeReceipts: 0n,
      confirmed: 0n,
    });
    for (const limit of [1, 2, 3, 10]) expect(await coveredBy(window.id, limit)).toEqual(ids);
  });

  it('states charges separately', async () => {
    await test.open({ name: 'carol', accountType: AccountType.Fee });
    const id = randomUUID();
    await test.ledger.putCharges(id, [
      { debitAccount: 'dfsp1', creditAccount: 'carol', amount: 7n, kind: ChargeKind.Fee },
      { debitAccount: 'dfsp2', creditAccount: 'carol', amount: 3n, kind: ChargeKind.Fee },
    ]);
    await pay('dfsp1', 'dfsp2', 100n, { id });
    const window = await windows.closeWindow();
    expect(window).toMatchObject({
      transferCount: 1,
      positions: [
        { account: 'carol', payments: 0n, receipts: 0n, feePayments: 0n, feeReceipts: 10n },
        { account: 'dfsp1', payments: 100n, receipts: 0n, feePayments: 7n, feeReceipts: 0n },
        { account: 'dfsp2', payments: 0n, receipts: 100n, feePayments: 3n, feeReceipts: 0n },
      ],
    });
    expect(await coveredBy(window.id)).toEqual([id]);
    expect(await windows.listCounterparties(window.id, 'dfsp1')).toEqual([
      { account: 'carol', payments: 7n, receipts: 0n },
      { account: 'dfsp2', payments: 100n, receipts: 0n },
    ]);
  });

  it('covers neither holds, nor rejected transfers, nor issued money, nor settlements of windows before', async () => {
    await pay('dfsp1', 'dfsp2', 10n);
    const held = transferRequest({ debitAccount: 'dfsp1', creditAccount: 'dfsp2' });
    const rejected = transferRequest({ debitAccount: 'dfsp1', creditAccount: 'dfsp2' });
    for (const request of [held, rejected]) await test.ledger.putTransfer(request, ADMIN);
    await test.ledger.rejectTransfer(rejected.content.id, { message: 'no' }, ADMIN);
    await test.issue('dfsp1', 5_000n);
    const first = await windows.closeWindow();
    expect(netsOf(first)).toEqual({ dfsp1: -10n, dfsp2: 10n });
    await confirm(first.id, ['dfsp1', 10n, 'a'], ['dfsp2', 10n, 'b']);

    await test.ledger.fulfilTransfer(held.content.id, FULFILLMENT, ADMIN);
    expect(netsOf(await windows.closeWindow())).toEqual({ dfsp1: -100n, dfsp2: 100n });
  });

  it('closes without a change of balances and of what is unsettled; the next one begins at zero', async () => {
    await pay('dfsp1', 'dfsp2', 10n);
    await windows.closeWindow();
    const nothing = { payments: 0n, receipts: 0n, feePayments: 0n, feeReceipts: 0n };
    expect(await test.ledger.reads.readPosition('dfsp1')).toMatchObject({ ...nothing, unsettled: -10n });
    expect(await test.funds('dfsp1')).toEqual([-10n, 0n]);
    await pay('dfsp1', 'dfsp2', 4n);
    expect(await test.ledger.reads.readPosition('dfsp1')).toMatchObject({ ...nothing, payments: 4n, unsettled: -14n });
  });

  it('without transfers is settled when it closes, and takes nothing from the next one', async () => {
    await pay('dfsp1', 'dfsp2', 10n);
    await windows.closeWindow();
    const empty = await windows.closeWindow();
    expect(empty).toMatchObject({ transferCount: 0, positions: [], state: WindowState.Settled });
    expect(await coveredBy(empty.id)).toEqual([]);
    await pay('dfsp1', 'dfsp2', 5n);
    const next = await windows.closeWindow();
    expect(netsOf(next)).toEqual({ dfsp1: -5n, dfsp2: 5n });
    const listed = await windows.listWindows({ limit: 10 });
    expect(listed.map(({ number, state, transferCount }) => [number, state, transferCount])).toEqual([
      [4, 'open', null],
      [3, 'closed', 1],
      [2, 'settled', 0],
      [1, 'closed', 1],
    ]);
    expect(await windows.listWindows({ before: 4, limit: 1 })).toMatchObject([{ id: next.id }]);
    expect(listed[1]!.openedAt).toEqual(listed[2]!.closedAt);
  });

  it('is closed once, however often that is asked for by its id', async () => {
    await pay('dfsp1', 'dfsp2', 10n);
    const [open] = await windows.listWindows({ limit: 1 });
    const answers = await Promise.all(Array.from({ length: 4 }, () => windows.closeWindow(open!.id)));
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([open!.id]));
    expect(await windows.listWindows({ limit: 10 })).toHaveLength(2);
    await expect(windows.closeWindow(randomUUID())).rejects.toMatchObject({ status: 404 });
    expect(await windows.listWindows({ limit: 10 })).toHaveLength(2);
  });

  it('that is closed several times at once has each transfer once', async () => {
    const other = new SettlementWindows((await test.anotherInstance()).dataSource);
    for (let round = 0; round < 3; round += 1) {
      const ids = await Promise.all([1n, 2n, 3n].map((amount) => pay('dfsp1', 'dfsp2', amount)));
      const runs = await Promise.all([windows, other, windows, other].map((one) => one.closeWindow()));
      const covered = (await Promise.all(runs.map(({ id }) => coveredBy(id)))).flat();
      expect(covered.toSorted()).toEqual(ids.toSorted());
      expect(runs.map(({ transferCount }) => transferCount!).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 3]);
    }
  });

  it('that closes during payments has each of them once, or the next window has it', async () => {
    const other = await test.anotherInstance();
    const paid = { all: false };
    const paying = Promise.all(
      Array.from({ length: 120 }, (_, i) => pay('dfsp1', 'dfsp2', BigInt(i + 1), {}, (i % 2 ? other : test).ledger)),
    ).finally(() => (paid.all = true));
    const runs: WindowPositions[] = [];
    while (!paid.all) runs.push(await windows.closeWindow());
    const ids = await paying;
    runs.push(await windows.closeWindow());

    const covered = (await Promise.all(runs.map(({ id }) => coveredBy(id, 50)))).flat();
    expect(covered).toHaveLength(ids.length);
    expect(new Set(covered)).toEqual(new Set(ids));
    const received = runs.map((run) => netsOf(run)['dfsp2'] ?? 0n).reduce((sum, net) => sum + net);
    expect(received).toBe(BigInt((120 * 121) / 2));
  });

  it('that an instance of the release before closes resets positions, and the next one opens', async () => {
    await pay('dfsp1', 'dfsp2', 10n);
    const first = await windows.closeWindow();
    await pay('dfsp1', 'dfsp2', 4n);
    const id = randomUUID();
    await test.writePast(
      `INSERT INTO settlements (id, after_entry, to_entry, transfer_count, settled_at)
       SELECT $1, (SELECT max(to_entry) FROM settlements), max(id), 1, now() FROM entries`,
      [id],
    );
    await test.writePast(
      `INSERT INTO settlement_positions VALUES ($1, 'dfsp1', 4, 0, 0, 0), ($1, 'dfsp2', 0, 4, 0, 0)`,
      [id],
    );
    await test.writePast(
      `UPDATE accounts SET position_base = position_base + receipts - payments + fee_receipts - fee_payments
       FROM settlement_positions WHERE settlement_id = $1 AND account = name`,
      [id],
    );
    expect(await windows.listWindows({ limit: 3 })).toMatchObject([
      { number: 3, state: WindowState.Open },
      { number: 2, state: WindowState.Settled, id },
      { number: 1, state: WindowState.Closed },
    ]);
    expect(await test.ledger.reads.readPosition('dfsp1')).toMatchObject({ unsettled: -10n });
    await confirm(first.id, ['dfsp1', 10n, 'a']);
    expect(await test.ledger.reads.readPosition('dfsp1')).toMatchObject({ unsettled: 0n });
  });

  it('that does not exist is not found', async () => {
    await expect(windows.readWindow(randomUUID())).rejects.toMatchObject({ status: 404, id: 'NotFoundError' });
  });
});

/** Confirms movements, each as account, amount, reference. */
function confirm(id: string, ...movements: [string, bigint, string][]): Promise<WindowPositions> {
  const given: ConfirmedMovement[] = movements.map(([account, amount, reference]) => ({ account, amount, reference }));
  return confirmations.confirmMovements(id, given);
}

function outstanding({ positions }: WindowPositions): Record<string, bigint> {
  return Object.fromEntries(positions.map((position) => [position.account, outstandingOf(position)]));
}

describe('a confirmation', () => {
  let id: string;

  beforeEach(async () => {
    await pay('dfsp1', 'dfsp2', 1_000n);
    await pay('dfsp3', 'dfsp2', 50n);
    ({ id } = await windows.closeWindow());
  });

  it('moves balance and position by its amount, and settles the window once all is moved', async () => {
    expect(await confirm(id, ['dfsp1', 1_000n, 'bank 1'])).toMatchObject({
      state: WindowState.Closed,
      settledAt: null,
    });
    expect(await test.funds('dfsp1')).toEqual([0n, 0n]);
    expect(await test.ledger.reads.readPosition('dfsp1')).toMatchObject({ unsettled: 0n });
    expect(await test.funds('settlement')).toEqual([-1_000n, 0n]);
    const window = await confirm(id, ['dfsp2', 1_050n, 'bank 2'], ['dfsp3', 50n, 'bank 3']);
    expect(window.state).toBe(WindowState.Settled);
    expect(window.settledAt).toBeInstanceOf(Date);
    expect(outstanding(window)).toEqual({ dfsp1: 0n, dfsp2: 0n, dfsp3: 0n });
    for (const name of ['dfsp1', 'dfsp2', 'dfsp3', 'settlement']) expect(await test.funds(name)).toEqual([0n, 0n]);
  });

  it('may be a part of an amount, and moves what was paid meanwhile no further', async () => {
    await pay('dfsp1', 'dfsp2', 7n);
    expect(outstanding(await confirm(id, ['dfsp1', 400n, 'bank 1']))).toMatchObject({ dfsp1: -600n });
    expect(outstanding(await confirm(id, ['dfsp1', 600n, 'bank 2']))).toMatchObject({ dfsp1: 0n });
    expect(await test.ledger.reads.readPosition('dfsp1')).toMatchObject({ payments: 7n, unsettled: -7n });
    const listed = await confirmations.listConfirmations(id, 'dfsp1');
    expect(listed.map(({ amount, reference }) => [amount, reference])).toEqual([
      [400n, 'bank 1'],
      [600n, 'bank 2'],
    ]);
  });

  it('that is repeated, also at the same moment, is booked once', async () => {
    const other = await test.anotherInstance();
    const others = new SettlementConfirmations(other.dataSource, (booked) => other.ledger.confirmSettlement(booked));
    const movement = { account: 'dfsp1', amount: 400n, reference: 'bank 1' };
    const answers = await Promise.all(
      [confirmations, others, confirmations, others].map((one) => one.confirmMovements(id, [movement, movement])),
    );
    for (const answer of answers) expect(outstanding(answer)).toMatchObject({ dfsp1: -600n });
    expect(await test.funds('dfsp1')).toEqual([-600n, 0n]);
  });

  it('of different references at the same moment never moves more than is outstanding', async () => {
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((reference) => confirm(id, ['dfsp1', 400n, reference])),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await test.funds('dfsp1')).toEqual([-200n, 0n]);
  });

  it('is refused as a whole, and changes nothing', async () => {
    await confirm(id, ['dfsp1', 400n, 'bank 1']);
    const next = await windows.closeWindow();
    const [open] = await windows.listWindows({ limit: 1 });
    const NOT_ALLOWED = { status: 422, id: 'UnprocessableEntityError' };
    const MODIFIED = { status: 400, id: 'InvalidModificationError' };
    const refused: [string, [string, bigint, string][], object][] = [
      [
        id,
        [
          ['dfsp3', 50n, 'x'],
          ['dfsp1', 401n, 'bank 1'],
        ],
        MODIFIED,
      ],
      [
        id,
        [
          ['dfsp3', 50n, 'x'],
          ['dfsp1', 601n, 'bank 2'],
        ],
        NOT_ALLOWED,
      ],
      [
        id,
        [
          ['dfsp3', 40n, 'x'],
          ['dfsp3', 11n, 'y'],
        ],
        NOT_ALLOWED,
      ],
      [
        id,
        [
          ['dfsp3', 40n, 'x'],
          ['dfsp3', 10n, 'x'],
        ],
        MODIFIED,
      ],
      [
        id,
        [
          ['dfsp3', 50n, 'x'],
          ['alice', 1n, 'y'],
        ],
        NOT_ALLOWED,
      ],
      [open!.id, [['dfsp1', 1n, 'y']], NOT_ALLOWED],
      [next.id, [['dfsp1', 400n, 'bank 1']], NOT_ALLOWED],
      [randomUUID(), [['dfsp1', 1n, 'y']], { status: 404 }],
    ];
    for (const [window, movements, error] of refused) {
      await expect(confirm(window, ...movements)).rejects.toMatchObject(error);
    }
    expect(await test.funds('dfsp1')).toEqual([-600n, 0n]);
    expect(await test.funds('dfsp3')).toEqual([-50n, 0n]);
  });

  it('under a reference of another window is refused', async () => {
    await confirm(id, ['dfsp1', 400n, 'bank 1']);
    await pay('dfsp1', 'dfsp2', 400n);
    const next = await windows.closeWindow();
    await expect(confirm(next.id, ['dfsp1', 400n, 'bank 1'])).rejects.toMatchObject({ id: 'InvalidModificationError' });
  });

  it('that would bring an account below its floor is refused', async () => {
    await test.open({ name: 'dfsp2', minimumAllowedBalance: 100n });
    await expect(confirm(id, ['dfsp1', 1_000n, 'a'], ['dfsp2', 1_050n, 'b'])).rejects.toMatchObject({
      id: 'InsufficientFundsError',
    });
    expect(await test.funds('dfsp1')).toEqual([-1_000n, 0n]);
    await confirm(id, ['dfsp1', 1_000n, 'a'], ['dfsp2', 950n, 'b']);
    expect(await test.funds('dfsp2')).toEqual([100n, 0n]);
  });
});

describe('the record of a window', () => {
  beforeEach(async () => {
    await pay('dfsp1', 'dfsp2', 10n);
    const { id } = await windows.closeWindow();
    await confirm(id, ['dfsp1', 10n, 'a']);
  });

  it.each([
    'UPDATE settlements SET transfer_count = 0',
    'DELETE FROM settlements',
    'TRUNCATE settlements CASCADE',
    'UPDATE settlement_positions SET payments = 0',
    'DELETE FROM settlement_positions',
    'TRUNCATE settlement_positions',
    'UPDATE settlement_confirmations SET amount = 0',
    'DELETE FROM settlement_confirmations',
    'TRUNCATE settlement_confirmations',
    'DELETE FROM settlement_windows',
  ])('is final: the database refuses %s', async (sql) => {
    await expect(test.dataSource.query(sql)).rejects.toThrow(/what is booked stays booked/);
  });

  it.each([
    ['the same entries', 'after_entry, to_entry'],
    ['some of them', 'to_entry - 1, to_entry + 10'],
    ['all of them and more', '0, to_entry + 10'],
  ])('excludes another window of %s', async (_, range) => {
    await expect(
      test.dataSource.query(
        `INSERT INTO settlements SELECT gen_random_uuid(), ${range}, 1, now() FROM settlements LIMIT 1`,
      ),
    ).rejects.toThrow(/settlements_settle_once/);
  });
});
