import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, openTestDataSource, type TestDatabase } from '@level-one/testing';
import { KeptCopies } from '@level-one/work';
import { setTimeout } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { TransferType } from '@level-one/quote';
import type { FeeRuleContent } from './fee-choice.js';
import { feeRule, SEED_PAIR, SEED_PAIR_RULES } from './fee-rule.fixture.js';
import type { FeeRule } from './fee-rule.entity.js';
import { FeeRules } from './fee-rules.js';
import { TARIFF_ENTITIES, TARIFF_MIGRATIONS } from '../tariff-schema.js';
import { type RuleDraft, RULES_MAX } from '../rules/rule-history.js';

/** Draft of a rule in CHF, in force from now on, with the given changes. */
function draft(values: Partial<FeeRuleContent> & { name: string }): RuleDraft<FeeRule> {
  const { validFrom: _from, validTo: _to, ...rule } = feeRule({ currency: 'CHF', ...values });
  return { ...rule, ...(values.validFrom && { validFrom: values.validFrom }) };
}

function asDraft({ id: _id, version: _version, validFrom: _from, ...rule }: FeeRule): RuleDraft<FeeRule> {
  return rule;
}

describe('fee rules in the database', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let copies: KeptCopies;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openTestDataSource(database, {
      entities: TARIFF_ENTITIES,
      migrations: TARIFF_MIGRATIONS,
    });
    copies = new KeptCopies(dataSource);
  });

  afterAll(async () => {
    await copies.onApplicationShutdown();
    await dataSource.destroy();
    await database.drop();
  });

  it.each(Object.values(TransferType))('charge the seed fees on %s', async (type) => {
    const rules = new FeeRules(dataSource, copies, 2);
    expect(await rules.feeFor(type, 1040n, 'USD')).toBe(0n);
    expect(await rules.feeFor(type, 2000n, 'USD')).toBe(100n);
    expect(await rules.feeFor(type, 100_000n, 'USD')).toBe(500n);
    expect(await rules.feeFor(type, 199_999n, 'TZS')).toBe(0n);
    expect(await rules.feeFor(type, 200_000n, 'TZS')).toBe(10_000n);
    expect(await rules.commissionFor(type, 10_000n, 'USD')).toBe(100n);
    expect(await rules.commissionFor(type, 999n, 'USD')).toBe(0n);
  });

  it('apply to any scale of the ledger', async () => {
    expect(await new FeeRules(dataSource, copies, 0).feeFor(TransferType.Invoice, 2000n, 'TZS')).toBe(100n);
    expect(await new FeeRules(dataSource, copies, 4).feeFor(TransferType.Invoice, 200_000n, 'USD')).toBe(10_000n);
  });

  it('charge nothing if no rule matches', async () => {
    expect(await new FeeRules(dataSource, copies, 2).feeFor(TransferType.Invoice, 100_000n, 'EUR')).toBe(0n);
  });

  it('use the tier with the highest start at or below the amount', async () => {
    const rules = new FeeRules(dataSource, copies, 2);
    const { warnings } = await rules.history.appendRules([
      draft({ name: 'chf', minValue: '0.25' }),
      draft({ name: 'chf from 100', startAmount: '100', percent: '0.5', percentBase: '100', minValue: '1' }),
    ]);
    expect(warnings).toEqual([]);
    expect(await rules.feeFor(TransferType.P2p, 9_999n, 'CHF')).toBe(25n);
    expect(await rules.feeFor(TransferType.P2p, 10_000n, 'CHF')).toBe(100n);
    expect(await rules.feeFor(TransferType.P2p, 50_000n, 'CHF')).toBe(200n);
  });

  it('give the answers of the second seed for exactly its pair', async () => {
    const rules = new FeeRules(dataSource, copies, 2);
    await rules.history.appendRules(SEED_PAIR_RULES.map(({ validFrom: _from, validTo: _to, ...rule }) => rule));
    const request = { ...SEED_PAIR, currency: 'USD', amount: 1_000n };
    expect(await rules.chargesFor(request)).toEqual({
      fee: { amount: 100n, credit: 25n, rule: { name: 'seed pair fee', version: 1 } },
      commission: { amount: 100n, credit: 0n, rule: { name: 'seed pair commission', version: 1 } },
    });
    expect(await rules.chargesFor({ ...request, payerIdentifier: '78956562' })).toEqual({
      fee: { amount: 0n, credit: 0n, rule: null },
      commission: { amount: 0n, credit: 0n, rule: { name: 'commission p2p USD from 10', version: 1 } },
    });
  });

  describe('with their history', () => {
    const fee = (amount: bigint, at?: Date): Promise<bigint> =>
      new FeeRules(dataSource, copies, 2).feeFor(TransferType.P2p, amount, 'NOK', at && { at });
    const now = async (): Promise<Date> => {
      const [row]: { now: Date }[] = await dataSource.query('SELECT clock_timestamp() AS now, pg_sleep(0.002)');
      return row!.now;
    };
    const nok = (values: Partial<FeeRuleContent>) => draft({ name: 'nok', currency: 'NOK', ...values });
    let history: FeeRules['history'];

    beforeAll(() => {
      history = new FeeRules(dataSource, copies, 2).history;
    });

    it('can be read as they were at any time', async () => {
      await history.appendRules([nok({ minValue: '1' })]);
      const before = await now();
      const { added, ended } = await history.appendRules([nok({ minValue: '2' })]);
      expect([added.length, ended.length]).toEqual([1, 1]);
      expect([await fee(500n, before), await fee(500n)]).toEqual([100n, 200n]);
      const [first, second] = await history.versionsOf('nok');
      expect(first).toMatchObject({ version: 1, minValue: '1', validTo: second?.validFrom });
      expect(second).toMatchObject({ version: 2, minValue: '2', validTo: null });
    });

    it('do not change where the drafts do not differ', async () => {
      const same = nok({ minValue: '2' });
      expect(await history.appendRules([same])).toMatchObject({ added: [], ended: [] });
      expect(await history.versionsOf('nok')).toHaveLength(2);
    });

    it('take effect at their start and not before', async () => {
      const at = new Date((await now()).getTime() + 3_600_000);
      await history.appendRules([{ ...nok({ minValue: '3' }), validFrom: at }]);
      expect(await fee(500n)).toBe(200n);
      expect(await fee(500n, new Date(at.getTime() - 1))).toBe(200n);
      expect(await fee(500n, at)).toBe(300n);
      // A later change replaces a version that has not started.
      await history.appendRules([nok({ minValue: '4' })]);
      expect([await fee(500n), await fee(500n, at)]).toEqual([400n, 400n]);
      const versions = await history.versionsOf('nok');
      expect(versions.map(({ validFrom, validTo }) => validTo === null || validFrom < validTo)).toEqual([
        true,
        true,
        false,
        true,
      ]);
    });

    it('are in the memory of every instance as they are in the database', async () => {
      const otherCopies = new KeptCopies(dataSource);
      try {
        const [one, other] = [new FeeRules(dataSource, copies, 2), new FeeRules(dataSource, otherCopies, 2)];
        const feeAt = (rules: FeeRules, at?: Date) => rules.feeFor(TransferType.P2p, 500n, 'DKK', at && { at });
        const dkk = (minValue: string) => draft({ name: 'dkk', currency: 'DKK', minValue });
        await one.history.appendRules([dkk('1')]);
        expect(await feeAt(other)).toBe(100n);
        const before = await now();
        await one.history.appendRules([dkk('2')]);
        expect(await feeAt(one)).toBe(200n);
        while ((await feeAt(other)) !== 200n) await setTimeout(5);
        // The past is read from the database, a planned rule begins in memory.
        expect(await feeAt(other, before)).toBe(100n);
        const at = new Date((await now()).getTime() + 3_600_000);
        await one.history.appendRules([{ ...dkk('3'), validFrom: at }]);
        while ((await feeAt(other, at)) !== 300n) await setTimeout(5);
        expect(await feeAt(other)).toBe(200n);
        await one.history.withdrawRules(['dkk']);
      } finally {
        await otherCopies.onApplicationShutdown();
      }
    });

    it('end at their withdrawal', async () => {
      const before = await now();
      await history.withdrawRules(['nok']);
      expect([await fee(500n, before), await fee(500n)]).toEqual([400n, 0n]);
      await history.appendRules([nok({ minValue: '5' })]);
      expect(await fee(500n)).toBe(500n);
    });

    it('are replaced as a set', async () => {
      const before = await history.rulesInForce();
      const kept = before.filter(({ name }) => name !== 'nok').map(asDraft);
      const { added, ended } = await history.replaceRules([...kept, nok({ minValue: '6' })]);
      expect([added.length, ended.length]).toEqual([1, 1]);
      expect(await fee(500n)).toBe(600n);
      expect((await history.rulesInForce()).map(({ name }) => name)).toEqual(before.map(({ name }) => name));
    });

    it.each<[string, Partial<FeeRuleContent>, RegExp]>([
      ['overlap', { name: 'nok twice', minValue: '1' }, /"nok".*"nok twice"|"nok twice".*"nok"/],
      ['are inverted', { minValue: '2', maxValue: '1' }, /minValue 2 is above maxValue 1/],
      ['begin in the past', { validFrom: new Date(0) }, /cannot begin in the past/],
    ])('are refused if they %s, and nothing is written', async (_name, values, message) => {
      const before = await history.rulesInForce();
      await expect(history.appendRules([nok({ minValue: '9', ...values })])).rejects.toMatchObject({
        status: 422,
        extras: { validationErrors: [expect.objectContaining({ message: expect.stringMatching(message) })] },
      });
      await expect(history.appendRules([], { at: new Date(0) })).rejects.toMatchObject({ status: 422 });
      expect(await history.rulesInForce()).toEqual(before);
    });

    it('cannot be changed or deleted in the database, only ended', async () => {
      for (const change of [
        `UPDATE fee_rules SET min_value = 7 WHERE name = 'nok'`,
        `UPDATE fee_rules SET valid_from = 'epoch' WHERE name = 'nok'`,
        `UPDATE fee_rules SET valid_to = NULL WHERE name = 'nok' AND version = 1`,
        `UPDATE fee_rules SET valid_to = 'infinity' WHERE name = 'nok' AND version = 1`,
        `DELETE FROM fee_rules WHERE name = 'nok'`,
        'TRUNCATE fee_rules',
      ]) {
        await expect(dataSource.query(change)).rejects.toThrow(/keep their history/);
      }
    });

    it('have one version in force at any time, even with parallel writes', async () => {
      const start = (await history.versionsOf('nok')).length;
      const seen: Promise<bigint>[] = [];
      await Promise.all(
        Array.from({ length: 12 }, async (_, index) => {
          await history.appendRules([nok({ minValue: `${10 + index}` })]);
          seen.push(fee(500n));
        }),
      );
      for (const charge of await Promise.all(seen)) expect(charge >= 1_000n && charge < 2_200n).toBe(true);
      const versions = await history.versionsOf('nok');
      expect(versions.map(({ version }) => version)).toEqual(
        Array.from({ length: start + 12 }, (_, index) => index + 1),
      );
      expect(versions.filter(({ validTo }) => validTo === null)).toHaveLength(1);
      for (const [index, { validTo }] of versions.slice(start, -1).entries()) {
        expect(validTo).toEqual(versions[start + index + 1]?.validFrom);
      }
    });
  });

  it('can be five thousand at once, after a trial', async () => {
    const { history } = new FeeRules(dataSource, copies, 2);
    const before = await history.rulesInForce();
    const kept = before.map(asDraft);
    const many = Array.from({ length: RULES_MAX - kept.length }, (_, index) =>
      draft({ name: `sek ${index}`, currency: 'SEK', startAmount: `${index}`, minValue: '1' }),
    );
    expect((await history.checkReplacement([...kept, ...many])).filter(({ severity }) => severity === 'error')).toEqual(
      [],
    );
    expect(await history.checkReplacement([...kept, ...many, draft({ name: 'one more' })])).toMatchObject([
      { severity: 'error', message: 'There are 5001 rules, at most 5000 are allowed' },
    ]);
    expect(await history.rulesInForce()).toEqual(before);
    const { added } = await history.replaceRules([...kept, ...many]);
    expect(added).toHaveLength(many.length);
    expect(await history.rulesInForce()).toHaveLength(RULES_MAX);
    // Rules that end now are neither counted nor warned of.
    const others = Array.from({ length: RULES_MAX }, (_, index) =>
      draft({ name: `other ${index}`, currency: 'SEK', startAmount: `${index}` }),
    );
    expect(await history.checkReplacement(others)).toEqual([]);
    expect(await history.replaceRules([])).toMatchObject({ added: [], warnings: [] });
  });

  it('cause a warning once, at the change that created the problem', async () => {
    const { history } = new FeeRules(dataSource, copies, 2);
    const gap = [expect.objectContaining({ kind: 'gap', rules: ['nok from 20'] })];
    const from20 = { name: 'nok from 20', currency: 'NOK', startAmount: '20', minValue: '1' };
    const rules = [draft({ name: 'nok', currency: 'NOK', minValue: '0.25' }), draft(from20)];
    expect((await history.appendRules(rules)).warnings).toEqual([]);
    expect((await history.withdrawRules(['nok'])).warnings).toEqual(gap);
    expect((await history.appendRules([draft({ name: 'isk', currency: 'ISK', minValue: '1' })])).warnings).toEqual([]);
    const later = draft({ ...from20, minValue: '2', validFrom: new Date('2100-01-01T00:00:00Z') });
    expect((await history.appendRules([later])).warnings).toEqual(gap);
    expect((await history.withdrawRules(['isk', 'nok from 20'])).warnings).toEqual([]);
  });

  it('match their entities', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});
