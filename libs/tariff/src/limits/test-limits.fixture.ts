import { QuoteSide, TransferType } from '@level-one/quote';
import { createTestDatabase, openTestDataSource, type TestDatabase } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { DataSource, type EntityManager } from 'typeorm';
import { HotStatements, KeptCopies } from '@level-one/work';
import type { RuleDraft } from '../rules/rule-history.js';
import { TARIFF_ENTITIES, TARIFF_MIGRATIONS } from '../tariff-schema.js';
import type { LimitRule } from './limit-rule.entity.js';
import { ReservationStatus } from './limit-reservation-status.js';
import { LimitUsage } from './limit-usage.entity.js';
import { type LimitRequest, type LimitReservationCall, Limits, type LimitSettings } from './limits.js';
import { SEED_LIMITS } from './seed-limits.fixture.js';

const NO_LIMIT: RuleDraft<LimitRule> = {
  ...SEED_LIMITS[0]!,
  transferType: null,
  minAmount: null,
  maxAmount: null,
  maxAmountDaily: null,
  maxAmountWeekly: null,
  maxAmountMonthly: null,
  maxCountDaily: null,
  maxCountWeekly: null,
  maxCountMonthly: null,
};

/** Limits in a database of their own, and what the tests do with them. */
export class TestLimits {
  static async open(): Promise<TestLimits> {
    const database = await createTestDatabase();
    const dataSource = await openTestDataSource(database, {
      entities: TARIFF_ENTITIES,
      migrations: TARIFF_MIGRATIONS,
      poolSize: 20,
    });
    return new TestLimits(database, dataSource);
  }

  readonly limits: Limits;
  /** Customer of the current test. */
  subject = '';
  /** Currency of the current test: the rules of other tests are in other currencies. */
  currency = '';
  readonly copies: KeptCopies;
  readonly statements: HotStatements;
  private tests = 0;

  private constructor(
    private readonly database: TestDatabase,
    readonly dataSource: DataSource,
  ) {
    this.copies = new KeptCopies(dataSource);
    this.statements = new HotStatements(dataSource);
    this.limits = this.withSettings({});
  }

  async close(): Promise<void> {
    await Promise.all([this.copies, this.statements].map((connections) => connections.onApplicationShutdown()));
    await this.dataSource.destroy();
    await this.database.drop();
  }

  /** Gives the next test a customer and a currency that no other test has. */
  begin(): { subject: string; currency: string } {
    this.tests++;
    this.subject = `customer ${this.tests}`;
    this.currency = `X${String.fromCodePoint(65 + Math.floor(this.tests / 26), 65 + (this.tests % 26))}`;
    return { subject: this.subject, currency: this.currency };
  }

  readonly withSettings = (more: Partial<LimitSettings>): Limits =>
    new Limits(this, { scale: 2, timeZone: 'Africa/Dar_es_Salaam', ...more });

  /** Adds rules in the currency of the test, which limit nothing but what is given. */
  readonly limit = async (...rules: Partial<RuleDraft<LimitRule>>[]): Promise<void> => {
    const { currency } = this;
    await this.limits.history.appendRules(
      rules.map((values, index) => ({ ...NO_LIMIT, currency, name: `${currency} ${index}`, ...values })),
    );
  };

  /** A payment of 1.00 by the customer of the test, but for what is given. */
  readonly payment = (more: Partial<LimitRequest> = {}): LimitRequest => ({
    paymentId: randomUUID(),
    side: QuoteSide.Debit,
    subject: this.subject,
    transferType: TransferType.P2p,
    currency: this.currency,
    amount: 100n,
    expiresAt: null,
    ...more,
  });

  /** Runs a statement of its own that moves a reservation; in the transaction `within` if one is given. */
  private async run(
    call: string,
    values: unknown[],
    {
      explain,
      within = this.dataSource.manager,
    }: { explain?: LimitReservationCall['explain']; within?: EntityManager },
  ): Promise<boolean> {
    try {
      const [row]: { answer: boolean }[] = await within.query(`SELECT ${call} AS answer`, values);
      return row!.answer;
    } catch (error) {
      throw explain ? explain(error) : error;
    }
  }

  readonly reservePayment = async (request: LimitRequest, within?: EntityManager, by = this.limits): Promise<void> => {
    const { request: json, explain } = await by.reservationOf(request);
    await this.run('reserve_limits($1)', [json], { explain, ...(within && { within }) });
  };

  /** The payment begins. */
  readonly keepReservation = async (paymentId: string, side: QuoteSide): Promise<boolean> => {
    const reserved = await this.limits.findReserved(paymentId, side);
    if (!reserved) return false;
    const { request, explain } = await this.limits.keepingOf({ ...reserved, side });
    const keep = `move_limits($1, $2, 'reserved', $3::jsonb -> 'bounds')`;
    return this.run(keep, [paymentId, side, request], { explain });
  };

  /** The payment is executed. */
  readonly confirmPayment = (paymentId: string, side: QuoteSide): Promise<boolean> =>
    this.endPayment(paymentId, side, ReservationStatus.Confirmed);

  /** The payment has failed. */
  readonly releasePayment = (paymentId: string, side: QuoteSide, within?: EntityManager): Promise<boolean> =>
    this.endPayment(paymentId, side, ReservationStatus.Released, within);

  readonly endPayment = (
    paymentId: string,
    side: QuoteSide,
    to: ReservationStatus,
    within?: EntityManager,
  ): Promise<boolean> =>
    this.run('move_limits($1, $2, $3, NULL)', [paymentId, side, to], { ...(within && { within }) });

  readonly reserve = async (more: Partial<LimitRequest> = {}, by = this.limits): Promise<LimitRequest> => {
    const request = this.payment(more);
    await this.reservePayment(request, undefined, by);
    return request;
  };

  /** Resolves when a transaction waits for a lock. */
  readonly blocked = async (): Promise<void> => {
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    let rows: unknown[] = [];
    while (rows.length === 0) {
      await setTimeout(10);
      rows = await this.dataSource.query(waiting);
    }
  };

  /** "type limit" of the error, or "ok". */
  readonly outcomeOf = async (more: Partial<LimitRequest> = {}, by = this.limits): Promise<string> => {
    try {
      await this.reserve(more, by);
      return 'ok';
    } catch (error) {
      const { extras } = error as { extras?: { type: string; params: { limit: string } } };
      if (!extras?.type) throw error;
      return `${extras.type} ${extras.params.limit}`;
    }
  };

  /** Amount and count of each period, of one type or of all (`*`). */
  readonly used = async (transferType = '*', side = QuoteSide.Debit): Promise<Record<string, string>> => {
    const { subject, currency } = this;
    const rows = await this.dataSource.manager.find(LimitUsage, {
      where: { subject, currency, side, transferType: transferType as TransferType },
      order: { startsOn: 'ASC' },
    });
    return Object.fromEntries(
      rows.map(({ period, startsOn, amount, count }) => [`${period} ${startsOn}`, `${amount} in ${count}`]),
    );
  };

  readonly usedToday = async (transferType = '*'): Promise<string> => {
    const days = Object.entries(await this.used(transferType)).filter(([period]) => period.startsWith('day'));
    return days.at(-1)?.[1] ?? 'none';
  };
}
