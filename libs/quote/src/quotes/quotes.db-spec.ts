import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, openTestDataSource, type TestDatabase } from '@level-one/testing';
import { HotStatements } from '@level-one/work';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { AmountType } from '../terms/amount-type.js';
import { QUOTE_ENTITIES, QUOTE_MIGRATIONS } from '../schema/quote-schema.js';
import { QuoteStatus } from '../terms/quote-status.js';
import { Quote, sideColumns } from './quote.entity.js';
import { type QuoteDraft, type QuoteKey, quoteRefusalIn, QuoteRepository } from './quote.repository.js';
import { TransferType } from '../terms/transfer-type.js';
import { QuoteSide } from '../terms/quote-side.js';

const AT_ONCE = 8;

function after(ms: number): Date {
  return new Date(Date.now() + ms);
}

function draft(more: Partial<QuoteDraft> = {}): QuoteDraft {
  return {
    paymentId: randomUUID(),
    ...sideColumns(more.side ?? QuoteSide.Credit, {
      payerIdentifier: '92806391',
      payerIdentifierType: 'eur',
      payeeIdentifier: '30754016',
      payeeIdentifierType: 'eur',
    }),
    transferType: TransferType.P2p,
    amountType: AmountType.Send,
    amount: 1000n,
    transferAmount: 1000n,
    receiveAmount: 925n,
    charged: 75n,
    currency: 'USD',
    fee: 100n,
    commission: 100n,
    peerFee: 25n,
    scale: 2,
    sourceAmount: more.side === QuoteSide.Debit ? 1000n : null,
    peerCommission: 0n,
    params: { rule: { name: 'seed pair fee', version: 1 } },
    ...more,
  };
}

describe('quotes in the database', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let statements: HotStatements;
  let quotes: QuoteRepository;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openTestDataSource(database, {
      entities: QUOTE_ENTITIES,
      migrations: QUOTE_MIGRATIONS,
    });
    statements = new HotStatements(dataSource);
    quotes = new QuoteRepository(dataSource, statements);
  });

  afterAll(async () => {
    await statements.onApplicationShutdown();
    await dataSource.destroy();
    await database.drop();
  });

  async function give(more: Partial<QuoteDraft> = {}, expiresAt?: Date): Promise<QuoteKey> {
    const { quote } = await quotes.saveQuote(draft(more), expiresAt);
    return { paymentId: quote.paymentId, side: quote.side };
  }

  async function statusOf(key: QuoteKey): Promise<QuoteStatus | undefined> {
    return (await quotes.findQuote(key))?.status;
  }

  /** Calls a function of the schema that moves a quote. */
  async function move(name: string, { paymentId, side }: QuoteKey, within = dataSource.manager): Promise<unknown> {
    const call = `SELECT ${name}($1, $2) AS answer`;
    const [row]: { answer: unknown }[] = await within.query(call, [paymentId, side === QuoteSide.Debit]);
    return row!.answer;
  }

  const useQuote = (key: QuoteKey, within?: EntityManager) => move('use_quote', key, within);
  const freeQuote = (key: QuoteKey) => move('free_quote', key);

  /** Null, or the error of the refusal. */
  async function holdQuote(key: QuoteKey): Promise<unknown> {
    try {
      return (await move('hold_quote', key)) || null;
    } catch (error) {
      return quoteRefusalIn(error) ?? error;
    }
  }

  function atOnce<Value>(attempt: (index: number) => Promise<Value>): Promise<Value[]> {
    return Promise.all(Array.from({ length: AT_ONCE }, (_, index) => attempt(index)));
  }

  /** Moves the expiry of a quote into the past. */
  async function passTime({ paymentId }: QuoteKey): Promise<void> {
    await dataSource.query(`UPDATE quotes SET expires_at = clock_timestamp() WHERE payment_id = $1`, [paymentId]);
  }

  it('keep all agreed values, for ten minutes', async () => {
    const given = draft();
    const { quote, isNew } = await quotes.saveQuote(given);
    expect(isNew).toBe(true);
    expect(quote).toMatchObject({ ...given, status: 'reserved', heldAt: null, ipr: null, invoiceId: null });
    expect(quote.expiresAt.getTime() - quote.createdAt.getTime()).toBeGreaterThanOrEqual(599_990);
    expect(quote.expiresAt.getTime() - quote.createdAt.getTime()).toBeLessThanOrEqual(600_000);
    expect(await quotes.findQuote(given)).toEqual(quote);
    expect(await quotes.findQuote({ ...given, side: QuoteSide.Debit })).toBeNull();
  });

  it('expire when the other DFSP set their expiry', async () => {
    const until = new Date(Date.now() + 60_000);
    const asked = draft({ side: QuoteSide.Debit, ipr: 'aXBy', sourceExpiryDuration: 10 });
    const { quote } = await quotes.saveQuote(asked, until);
    expect(quote).toMatchObject({ expiresAt: until, ipr: 'aXBy', sourceExpiryDuration: 10 });
  });

  it('can have both sides of a payment inside one DFSP', async () => {
    const paymentId = randomUUID();
    const [credit, debit] = [await give({ paymentId }), await give({ paymentId, side: QuoteSide.Debit })];
    expect(await useQuote(debit)).toBe(true);
    expect([await statusOf(credit), await statusOf(debit)]).toEqual(['reserved', 'used']);
    const both = { debit: { status: 'used' }, credit: { status: 'reserved' } };
    expect(await quotes.findSides(paymentId)).toMatchObject(both);
    expect(await quotes.findSides(randomUUID())).toEqual({ debit: null, credit: null });
  });

  it('N93: are stored once when the request is repeated', async () => {
    const asked = draft();
    const answers = await atOnce(() => quotes.saveQuote(asked));
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    for (const { quote } of answers) expect(quote).toEqual(answers[0]?.quote);
    await useQuote(asked);
    // Computed values may differ now; the stored quote counts.
    const again = await quotes.saveQuote({ ...asked, fee: 500n, charged: 0n, receiveAmount: 1000n });
    expect(again).toMatchObject({ isNew: false, quote: { status: 'used', fee: 100n, charged: 75n } });
  });

  it.each<[Partial<QuoteDraft>, { field: string; expected: string | null; actual: string | null }]>([
    [{ amount: 1001n }, { field: 'amount', expected: '10', actual: '10.01' }],
    [{ amountType: AmountType.Receive }, { field: 'amountType', expected: 'SEND', actual: 'RECEIVE' }],
    [{ currency: 'TZS' }, { field: 'currency', expected: 'USD', actual: 'TZS' }],
    [{ transferType: TransferType.CashIn }, { field: 'transferType', expected: 'p2p', actual: 'cashIn' }],
    [{ identifier: '1' }, { field: 'payerIdentifier', expected: '92806391', actual: '1' }],
    [{ ownIdentifier: '1' }, { field: 'payeeIdentifier', expected: '30754016', actual: '1' }],
    [{ peerFee: 0n }, { field: 'fees', expected: '0.25', actual: '0' }],
    [{ destinationAccount: 'x' }, { field: 'destinationAccount', expected: null, actual: 'x' }],
    [{ invoiceId: '7' }, { field: 'invoiceId', expected: null, actual: '7' }],
  ])('N93: are refused for a repeated request with other parameters: %p', async (change, mismatch) => {
    const asked = draft();
    await quotes.saveQuote(asked);
    await expect(quotes.saveQuote({ ...asked, ...change })).rejects.toMatchObject({
      status: 422,
      id: 'QuoteMismatchError',
      extras: { params: [mismatch] },
    });
  });

  it.each<Partial<QuoteDraft>>([
    { receiveAmount: 0n, charged: 1000n },
    { receiveAmount: 900n },
    { charged: -1n, receiveAmount: 1001n },
    { fee: -1n },
    { peerFee: -1n },
    { amountType: 'BOTH' as AmountType },
  ])('cannot have %p', async (more) => {
    await expect(give(more)).rejects.toThrow(/violates check constraint/);
  });

  it('N91: are used once, by one of many', async () => {
    const key = await give();
    const outcomes = await atOnce(() => useQuote(key));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await statusOf(key)).toBe('used');
  });

  it('N88, N89: return the reason why they cannot be used', async () => {
    const unknown = { paymentId: randomUUID(), side: QuoteSide.Credit };
    const late = await give({}, after(-1_000));
    expect([await useQuote(late), await useQuote(unknown)]).toEqual([false, false]);
    expect(await holdQuote(late)).toMatchObject({ status: 422, id: 'QuoteExpiredError' });
    expect(await holdQuote(unknown)).toMatchObject({ status: 404, id: 'QuoteNotFoundError' });
    expect(await statusOf(late)).toBe('expired');
  });

  it('can be used by another transaction if the first one rolls back', async () => {
    const key = await give();
    let second: Promise<unknown> | undefined;
    await expect(
      dataSource.transaction(async (manager) => {
        expect(await useQuote(key, manager)).toBe(true);
        second = useQuote(key);
        throw new Error('undo');
      }),
    ).rejects.toThrow('undo');
    expect(await second).toBe(true);
  });

  it('do not expire while a transfer holds them', async () => {
    const key = await give();
    expect(await atOnce(() => holdQuote(key))).toEqual(Array.from({ length: AT_ONCE }, () => null));
    await passTime(key);
    expect(await statusOf(key)).toBe('reserved');
    expect(await holdQuote(key)).toBeNull();
    expect(await quotes.expireOverdue(100)).not.toContainEqual(key);
    expect(await useQuote(key)).toBe(true);
    expect(await quotes.findQuote(key)).toMatchObject({ status: 'used', heldAt: null });
    expect([await holdQuote(key), await freeQuote(key)]).toMatchObject([{ id: 'QuoteUsedError' }, null]);
  });

  it('are reserved again when their transfer is rejected, or expired if their time is over', async () => {
    const [early, late] = [await give(), await give()];
    for (const key of [early, late]) await holdQuote(key);
    await passTime(late);
    expect(await freeQuote(early)).toEqual((await quotes.findQuote(early))?.expiresAt);
    expect(await freeQuote(early)).toBeNull();
    expect([await freeQuote(late), await statusOf(late)]).toEqual([null, 'expired']);
    expect([await useQuote(early), await useQuote(late)]).toEqual([true, false]);
  });

  it('expire once, in batches, and never while they are held', async () => {
    await quotes.expireOverdue(100);
    const keys = await Promise.all(Array.from({ length: 6 }, () => give({}, after(-1_000))));
    const fresh = await give();
    expect(await quotes.expireOverdue(2)).toHaveLength(2);
    const swept = (await Promise.all([quotes.expireOverdue(100), quotes.expireOverdue(100)])).flat();
    expect(swept).toHaveLength(4);
    expect(new Set(swept.map(({ paymentId }) => paymentId)).size).toBe(4);
    const stored = await dataSource.manager.findBy(Quote, keys);
    expect(new Set(stored.map(({ status }) => status))).toEqual(new Set([QuoteStatus.Expired]));
    expect(await statusOf(fresh)).toBe('reserved');
  });

  it('are either used or expired, never both', async () => {
    for (let round = 0; round < 5; round++) {
      const key = await give({}, after(20));
      const [isUsed] = await Promise.all([useQuote(key), ...Array.from({ length: 4 }, () => quotes.expireOverdue(10))]);
      expect(await statusOf(key)).toBe(isUsed ? 'used' : 'expired');
    }
  });

  it('match their entities', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('can be migrated back and forth', async () => {
    const back = QUOTE_MIGRATIONS.length;
    for (let step = 0; step < back; step++) await dataSource.undoLastMigration();
    expect(await dataSource.runMigrations()).toHaveLength(back);
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries).toEqual([]);
  });
});
