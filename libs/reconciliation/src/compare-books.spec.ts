import { describe, expect, it } from '@jest/globals';
import type { BookedTransfer, ClaimEnd, LedgerUnit, TransferEnd } from './books-reader.js';
import { type Books, BooksComparison } from './compare-books.js';
import { BooksFindingKind, type Finding } from './findings.js';

const USD: LedgerUnit = { currency: 'USD', scale: 2 };
const NOW = '2026-11-29T10:00:00.000Z';
const MINUTE = 60_000;

/** Books with executed transfers, each as id, amount and age in minutes, and further transfers by their state. */
class FakeBooks implements Books {
  readonly lookedUp: string[] = [];

  constructor(
    private readonly booked: readonly [string, bigint, number][],
    private readonly others: Readonly<Record<string, string>> = {},
    private readonly unit: LedgerUnit = USD,
    private readonly claims: Readonly<Record<string, ClaimEnd>> = {},
  ) {}

  readUnit(): Promise<LedgerUnit> {
    return Promise.resolve(this.unit);
  }

  async *listTransfers(): AsyncGenerator<BookedTransfer> {
    for (const [id, amount, minutes] of this.booked) {
      yield { id, amount, bookedAt: Date.parse(NOW) - minutes * MINUTE };
    }
  }

  findTransfer(id: string): Promise<TransferEnd> {
    this.lookedUp.push(id);
    const found = this.booked.find(([one]) => one === id);
    const amount = found && (found[1] < 0n ? -found[1] : found[1]);
    const state = found ? 'executed' : (this.others[id] ?? 'unknown');
    const [paidClaim] = Object.entries(this.claims).find(([, { booking }]) => booking === id) ?? [];
    return Promise.resolve({ state, amount, expiresAt: undefined, paidClaim });
  }

  findClaim(id: string): Promise<ClaimEnd | undefined> {
    return Promise.resolve(this.claims[id]);
  }
}

async function compare(own: FakeBooks, central: FakeBooks) {
  const comparison = new BooksComparison({ dfsp: 'dfsp1', own, central }, { from: undefined, to: NOW });
  const found: Finding[] = [];
  for await (const finding of comparison.compare()) found.push(finding);
  return { found, summary: comparison.summary };
}

describe("a connector's books", () => {
  it('agree when each transfer is executed on both ledgers, in any order of time', async () => {
    const own = new FakeBooks([
      ['c', 30n, 1],
      ['b', -20n, 2],
      ['a', 10n, 3],
    ]);
    const central = new FakeBooks([
      ['a', -10n, 1],
      ['c', -30n, 2],
      ['b', 20n, 2.5],
    ]);
    const { found, summary } = await compare(own, central);
    expect(found).toEqual([]);
    expect(summary).toEqual({ transfers: 3, own: 20n, central: -20n });
    expect([...own.lookedUp, ...central.lookedUp]).toEqual([]);
  });

  it('agree when one ledger executed a transfer hours later', async () => {
    const { found } = await compare(
      new FakeBooks([
        ['late', 10n, 5],
        ['b', 1n, 400],
      ]),
      new FakeBooks([
        ['b', -1n, 401],
        ['late', -10n, 500],
      ]),
    );
    expect(found).toEqual([]);
  });

  it.each([
    ['T3 executed, T2 expired', [['p', -1_040n, 9]], [], 'expired', BooksFindingKind.PayeesConnectorLoses],
    ['T2 executed, T1 expired', [], [['p', -1_040n, 9]], 'expired', BooksFindingKind.PayersConnectorLoses],
    ['T2 executed, T1 unknown', [], [['p', -1_040n, 9]], 'unknown', BooksFindingKind.PayersConnectorLoses],
    ['T1 executed, T2 rejected', [['p', 1_040n, 9]], [], 'rejected', BooksFindingKind.PaidByPayerOnly],
    ['T2 executed, T3 unknown', [], [['p', 1_040n, 9]], 'unknown', BooksFindingKind.NotPaidToPayee],
  ] as const)('differ with %s', async (_, own, central, state, kind) => {
    const others = { p: state };
    const { found } = await compare(
      new FakeBooks([...own] as never, others),
      new FakeBooks([...central] as never, others),
    );
    expect(found).toEqual([expect.objectContaining({ kind, isOpen: false, paymentId: 'p', ageS: 540, dfsp: 'dfsp1' })]);
    expect(found[0]!.found).toContain('10.40 USD');
    expect(found[0]!.cause).not.toBe('');
    expect(found[0]!.action).not.toBe('');
  });

  describe('with a claim for what the connector paid', () => {
    const ID = '00000000-0000-4000-8000-000000000001';
    const BOOKING = '00000000-0000-4000-8000-000000000002';

    const compareClaimed = (claims: Record<string, ClaimEnd>, booked: [string, bigint, number][] = []) =>
      compare(new FakeBooks(booked, { [ID]: 'expired' }, USD, claims), new FakeBooks([[ID, -1_040n, 9]]));

    it('agree once it is paid', async () => {
      const claims = { [ID]: { state: 'booked', booking: BOOKING } } as const;
      expect((await compareClaimed(claims, [[BOOKING, 1_040n, 1]])).found).toEqual([]);
    });

    it.each(['waiting', 'approved'] as const)('are open while it is %s', async (state) => {
      const { found } = await compareClaimed({ [ID]: { state } });
      expect(found).toMatchObject([{ kind: BooksFindingKind.ClaimWaits, isOpen: true, paymentId: ID }]);
      expect(found[0]!.found).toContain(`claimed there, ${state}`);
    });

    it('differ if it is refused', async () => {
      const { found } = await compareClaimed({ [ID]: { state: 'refused', reason: 'paid otherwise' } });
      expect(found).toMatchObject([{ kind: BooksFindingKind.ClaimRefused, isOpen: false }]);
      expect(found[0]!.found).toContain('refused: paid otherwise');
    });

    it('differ with a transfer that only says that it pays one', async () => {
      const own = new FakeBooks([[BOOKING, 1_040n, 1]]);
      own.findTransfer = async () => ({ state: 'executed', amount: 1_040n, expiresAt: undefined, paidClaim: ID });
      const { found } = await compare(own, new FakeBooks([]));
      expect(found).toMatchObject([{ kind: BooksFindingKind.PaidByPayerOnly, paymentId: BOOKING }]);
    });
  });

  it.each([
    ['T1', [], [['p', -5n, 0]]],
    ['T2', [['p', -5n, 0]], []],
  ] as const)('are open while %s is prepared and the transfer after it is executed', async (_, own, central) => {
    const others = { p: 'prepared' };
    const { found } = await compare(
      new FakeBooks([...own] as never, others),
      new FakeBooks([...central] as never, others),
    );
    expect(found).toMatchObject([{ kind: BooksFindingKind.TransferUnderWay, isOpen: true, paymentId: 'p' }]);
  });

  it('differ if the connector pays more than it gets, in one unit only', async () => {
    const central = [['p', -11n, 1]] as [string, bigint, number][];
    expect((await compare(new FakeBooks([['p', 10n, 1]]), new FakeBooks(central))).found).toMatchObject([
      { kind: BooksFindingKind.AmountsDiffer },
    ]);
    expect((await compare(new FakeBooks([['p', 12n, 1]]), new FakeBooks(central))).found).toEqual([]);
    const other = { currency: 'UGX', scale: 0 };
    expect((await compare(new FakeBooks([['p', 10n, 1]]), new FakeBooks(central, {}, other))).found).toEqual([]);
  });

  it('without a match are looked up once each', async () => {
    const own = new FakeBooks(Array.from({ length: 12_000 }, (_, index) => [`own-${index}`, 1n, 1]));
    const central = new FakeBooks([], Object.fromEntries([['own-0', 'rejected']]));
    const { found } = await compare(own, central);
    expect(found).toHaveLength(12_000);
    expect(new Set(central.lookedUp).size).toBe(12_000);
    expect(central.lookedUp).toHaveLength(12_000);
  });
});
