import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { CreateFeeRules1700000002100 } from './create-fee-rules.migration.js';
import { CreateQuotes1700000002200 } from './create-quotes.migration.js';
import { FeeKind, FeeRule } from './fee-rule.entity.js';
import { FeeRules } from './fee-rules.js';
import { Quote } from './quote.entity.js';
import { QuoteStatus } from './quote-status.js';
import { TransferType } from './transfer-type.js';

describe('fee rules and quotes in the database', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await new DataSource({
      type: 'postgres',
      url: database.url,
      entities: [FeeRule, Quote],
      migrations: [CreateFeeRules1700000002100, CreateQuotes1700000002200],
      migrationsRun: true,
      uuidExtension: 'pgcrypto',
      installExtensions: false,
    }).initialize();
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  it.each(Object.values(TransferType))('charges the seed fees on %s', async (type) => {
    const rules = new FeeRules(dataSource, 2);
    expect(await rules.fee(type, 1040n, 'USD')).toBe(0n);
    expect(await rules.fee(type, 2000n, 'USD')).toBe(100n);
    expect(await rules.fee(type, 100_000n, 'USD')).toBe(500n);
    expect(await rules.fee(type, 199_999n, 'TZS')).toBe(0n);
    expect(await rules.fee(type, 200_000n, 'TZS')).toBe(10_000n);
    expect(await rules.commission(type, 10_000n, 'USD')).toBe(100n);
    expect(await rules.commission(type, 999n, 'USD')).toBe(0n);
  });

  it('holds for whatever scale the ledger has', async () => {
    expect(await new FeeRules(dataSource, 0).fee(TransferType.Invoice, 2000n, 'TZS')).toBe(100n);
    expect(await new FeeRules(dataSource, 4).fee(TransferType.Invoice, 200_000n, 'USD')).toBe(10_000n);
  });

  it('charges nothing where there is no rule', async () => {
    expect(await new FeeRules(dataSource, 2).fee(TransferType.Invoice, 100_000n, 'EUR')).toBe(0n);
  });

  it('takes the tier that starts last', async () => {
    const tier = { kind: FeeKind.Fee, transferType: TransferType.P2p, currency: 'CHF', maxValue: null };
    await dataSource.manager.insert(FeeRule, [
      { ...tier, startAmount: '0', percent: null, percentBase: null, minValue: '0.25' },
      { ...tier, startAmount: '100', percent: '0.5', percentBase: '100', minValue: '1' },
    ]);
    const rules = new FeeRules(dataSource, 2);
    expect(await rules.fee(TransferType.P2p, 9_999n, 'CHF')).toBe(25n);
    expect(await rules.fee(TransferType.P2p, 10_000n, 'CHF')).toBe(100n);
    expect(await rules.fee(TransferType.P2p, 50_000n, 'CHF')).toBe(200n);
  });

  it('keeps one quote for each side of a payment', async () => {
    const quote = {
      paymentId: randomUUID(),
      isDebit: true,
      status: QuoteStatus.Reserved,
      identifier: '26547070',
      identifierType: 'eur',
      transferType: TransferType.P2p,
      amount: 1000n,
      currency: 'USD',
      fee: 25n,
      commission: 0n,
      expiresAt: new Date(),
      params: {},
    };
    await dataSource.manager.insert(Quote, { ...quote });
    await dataSource.manager.insert(Quote, { ...quote, isDebit: false });
    await expect(dataSource.manager.insert(Quote, quote)).rejects.toThrow(/quotes_payment_side/);
    expect(await dataSource.manager.findOneBy(Quote, { paymentId: quote.paymentId, isDebit: true })).toMatchObject({
      amount: 1000n,
      fee: 25n,
      ipr: null,
    });
  });

  it('match their entities', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});
