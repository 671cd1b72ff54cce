import { formatShortest } from '@level-one/money';
import type { KeptCopies } from '@level-one/work';
import type { DataSource, EntityManager } from 'typeorm';
import { quoteError, QuoteErrorId, quoteRequestError, QuoteRequestErrorId, type QuoteSide } from '@level-one/quote';
import { ruleAmount } from '../fees/fee-choice.js';
import { limitError, LimitType } from './limit-errors.js';
import { ianaTimeZone, LIMIT_PERIODS, LimitPeriod, PERIOD_LIMITS } from './limit-period.js';
import type { LimitReservation } from './limit-reservation.entity.js';
import { ReservationStatus, reservationStatusesBefore } from './limit-reservation-status.js';
import { assertRoomUnder } from './limit-room.js';
import { checkCurrencies } from '../rules/currency-check.js';
import { checkLimitRules } from './limit-rule-check.js';
import { LimitRule } from './limit-rule.entity.js';
import { CLAIM, CONTENT, COUNT, UNCOUNT, USED_MAX } from './limit-statements.js';
import { ANY_TYPE, type CountedType, FIRM, type LimitUse } from './limit-usage.entity.js';
import { RuleHistory } from '../rules/rule-history.js';
import type { RuleRequest } from '../rules/rule-scope.js';

export interface LimitSettings {
  /** Decimals of the ledger's currency. */
  scale: number;
  /** Currency of the ledger; rules in others cause a warning. */
  currency?: string;
  /** IANA time zone in which days, weeks and months begin, for example `Africa/Dar_es_Salaam`. */
  timeZone: string;
  /** Whether a rejected payment still counts (contract 5.3, N96). Default true. */
  countRejected?: boolean;
}

/** A payment to be counted in a subject's limits. */
export interface LimitRequest extends RuleRequest {
  paymentId: string;
  side: QuoteSide;
  /** Account or number in whose limits the payment is counted. */
  subject: string;
  /** Minor units. */
  amount: bigint;
  /** A transfer to oneself at the same DFSP: bounds for one transfer apply, but it is not counted (contract 5.3). */
  isToOneself?: boolean;
  /** When it is released unless the payment begins; null: the payment decides. */
  expiresAt: Date | null;
  /** Pool it counts in until {@link Limits.keepReservation}, that is, the requesting DFSP. Default: it counts for all at once. */
  pool?: string;
  /** Time of the payment and of the rules; default: now, by the database's clock. */
  at?: Date;
}

type Content = Pick<LimitReservation, 'subject' | 'side' | 'currency' | 'transferType' | 'amount' | 'pool'>;

/** Numbers of payer and payee, which select rules. */
export type LimitParties = Pick<RuleRequest, 'payerIdentifier' | 'payeeIdentifier'>;
type Counted = Content & Record<LimitPeriod, string>;
type ReservationRow = Omit<Counted, 'amount'> & { amount: string };

/** One row of `limit_usage` that a payment counts in, with its maximum. */
interface Counter {
  transferType: CountedType;
  period: LimitPeriod;
  startsOn: string;
  maxAmount: bigint | null;
  maxCount: number | null;
  /** The limit of the rule. The maximum is the limit less the use by others. */
  limit: { amount: bigint | null; count: number | null };
}

/** Row of one counter. */
interface UsageRow {
  transferType: CountedType;
  period: LimitPeriod;
  amount: string;
  count: number;
}

const ANY: CountedType = ANY_TYPE;

/** Runs in the open transaction, without a savepoint: its opener rolls back if this fails. */
function inTransaction<T>(within: EntityManager, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  return within.queryRunner?.isTransactionActive ? work(within) : within.transaction(work);
}

/**
 * Limits of a DFSP's customers and their use (contract 5.3, 6.2). A payment reserves its part first; parallel payments
 * together never exceed a limit. The reservation is confirmed when the payment is executed, and released when it
 * failed. Each call may be repeated. `within` is the transaction to take part in.
 */
export class Limits {
  /** Reads and writes the rules. */
  readonly history: RuleHistory<LimitRule>;
  private readonly scale: number;
  private readonly timeZone: string;
  private readonly countRejected: boolean;

  /** @throws RangeError if the time zone is unknown */
  constructor(
    private readonly dataSource: DataSource,
    copies: KeptCopies,
    { scale, currency, timeZone, countRejected = true }: LimitSettings,
  ) {
    this.scale = scale;
    this.timeZone = ianaTimeZone(timeZone);
    this.countRejected = countRejected;
    this.history = new RuleHistory(dataSource, copies, LimitRule, function* (rules) {
      return [...(yield* checkLimitRules(rules, { scale })), ...checkCurrencies(rules, currency)];
    });
  }

  /**
   * Counts a payment once. A repeated call changes nothing, even if the limits have changed.
   *
   * @throws ContractError 422 LimitExceededError; 422 QuoteMismatchError if the payment was reserved with other
   * content; 422 UnprocessableEntityError for more than can be counted in one period
   */
  async reservePayment(request: LimitRequest, within: EntityManager = this.dataSource.manager): Promise<void> {
    const rule = await this.ruleFor(request);
    await inTransaction(within, async (manager) => {
      const claimed = request.isToOneself ? undefined : await this.claimPayment(request, manager);
      if (!claimed && !request.isToOneself) return;
      this.checkOne(request.amount, rule);
      if (claimed) await this.countPayment(claimed, rule, manager);
    });
  }

  /**
   * Checks that a payment of this amount could be reserved now. Reserves nothing, so parallel callers may all pass.
   * @throws ContractError 422 LimitExceededError
   */
  async assertRoom(request: Omit<LimitRequest, 'paymentId' | 'expiresAt'>): Promise<void> {
    const rule = await this.ruleFor(request);
    if (!rule) return;
    const { subject, side, currency, amount, at } = request;
    this.checkMost(amount, rule);
    if (request.isToOneself) return;
    const uses = await this.usageOf(subject, side, currency, at);
    assertRoomUnder(rule, { uses, amount, scale: this.scale });
  }

  /**
   * Marks a payment as begun: its reservation no longer expires, and counts for all. A reservation in the pool of a
   * DFSP must fit beside all payments that have begun. A released reservation is counted again; if it counted for all,
   * that is done whatever the limits are, because the payment was promised.
   * @returns false if there is no open reservation.
   * @throws ContractError 422 LimitExceededError, UnprocessableEntityError; nothing is changed then
   */
  keepReservation(
    paymentId: string,
    side: QuoteSide,
    within: EntityManager = this.dataSource.manager,
    parties: LimitParties = {},
  ): Promise<boolean> {
    return inTransaction(within, async (manager) => {
      const open = await this.openOf(paymentId, side, manager);
      if (!open) return false;
      const { status, ...reservation } = open;
      const isCounted = status === ReservationStatus.Reserved;
      if (reservation.pool !== FIRM) {
        if (isCounted) await this.uncountPayment(reservation, manager);
        const rule = await this.ruleFor({ ...reservation, ...parties });
        await this.countPayment({ ...reservation, pool: FIRM }, rule, manager);
      } else if (!isCounted) {
        await this.countPromised(reservation, manager);
      }
      await manager.query(
        `UPDATE limit_reservations SET status = '${ReservationStatus.Reserved}', expires_at = NULL, pool = '${FIRM}'
         WHERE payment_id = $1 AND side = $2`,
        [paymentId, side],
      );
      return true;
    });
  }

  /**
   * Counts an executed payment finally, even if its reservation was released.
   * @returns false if it was already confirmed, or never reserved.
   */
  confirmPayment(
    paymentId: string,
    side: QuoteSide,
    within: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    return inTransaction(within, async (manager) => {
      const moved = await this.moveReservation(paymentId, side, ReservationStatus.Confirmed, manager);
      if (!moved) return false;
      const { from, reservation } = moved;
      const isCounted = from !== ReservationStatus.Released;
      if (isCounted && reservation.pool === FIRM) return true;
      if (isCounted) await this.uncountPayment(reservation, manager);
      await this.countPromised({ ...reservation, pool: FIRM }, manager);
      await manager.query(`UPDATE limit_reservations SET pool = '${FIRM}' WHERE payment_id = $1 AND side = $2`, [
        paymentId,
        side,
      ]);
      return true;
    });
  }

  /**
   * Releases the reservation of a payment that will not be made.
   * @returns false if it was not counted, or is confirmed.
   */
  releasePayment(
    paymentId: string,
    side: QuoteSide,
    within: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    return inTransaction(within, async (manager) => {
      const moved = await this.moveReservation(paymentId, side, ReservationStatus.Released, manager);
      if (moved) await this.uncountPayment(moved.reservation, manager);
      return moved !== undefined;
    });
  }

  /**
   * Ends the reservation of a rejected payment: confirms it if rejected payments count (`countRejected`), else releases
   * it.
   */
  rejectPayment(paymentId: string, side: QuoteSide, within?: EntityManager): Promise<boolean> {
    return this.countRejected
      ? this.confirmPayment(paymentId, side, within)
      : this.releasePayment(paymentId, side, within);
  }

  /** Lets a kept reservation expire again, at the expiry of its quote: the payment did not begin, but still may. */
  async restoreExpiry(paymentId: string, side: QuoteSide, at: Date, within: EntityManager): Promise<void> {
    await within.query(
      `UPDATE limit_reservations SET expires_at = $3
       WHERE payment_id = $1 AND side = $2 AND status = '${ReservationStatus.Reserved}'`,
      [paymentId, side, at],
    );
  }

  /** Makes reservations of payments that will not begin expire now. */
  async expirePayments(paymentIds: readonly string[], side: QuoteSide, within: EntityManager): Promise<void> {
    await within.query(
      `UPDATE limit_reservations SET expires_at = clock_timestamp()
       WHERE payment_id = ANY ($1) AND side = $2 AND status = '${ReservationStatus.Reserved}' AND expires_at IS NOT NULL`,
      [paymentIds, side],
    );
  }

  /**
   * Use of a subject's limits on one side, in the periods of a time (default: now). Periods without use are left out.
   */
  async usageOf(subject: string, side: QuoteSide, currency: string, at?: Date): Promise<LimitUse[]> {
    const rows: (Omit<LimitUse, 'amount' | 'transferType'> & { amount: string; transferType: CountedType })[] =
      await this.dataSource.query(
        `SELECT transfer_type AS "transferType", period, starts_on::text AS "startsOn",
           sum(amount)::text AS amount, sum(count)::int AS count
         FROM limit_usage,
           (SELECT coalesce($4::timestamptz, clock_timestamp()) AT TIME ZONE $5 AS local) AS clock
         WHERE (subject, side, currency) = ($1, $2, $3) AND count > 0
           AND starts_on = date_trunc(period, local)::date
         GROUP BY transfer_type, period, starts_on
         ORDER BY transfer_type, period`,
        [subject, side, currency, at ?? null, this.timeZone],
      );
    return rows.map(({ amount, transferType, ...row }) => ({
      ...row,
      transferType: transferType === ANY_TYPE ? null : transferType,
      amount: BigInt(amount),
    }));
  }

  /** Releases up to `limit` expired reservations. @returns how many. */
  async releaseOverdue(limit: number): Promise<number> {
    const overdue: { paymentId: string; side: QuoteSide }[] = await this.dataSource.query(
      `SELECT payment_id AS "paymentId", side FROM limit_reservations
       WHERE status = '${ReservationStatus.Reserved}' AND expires_at <= clock_timestamp()
       ORDER BY expires_at LIMIT $1`,
      [limit],
    );
    let released = 0;
    for (const { paymentId, side } of overdue) {
      const isReleased = await this.dataSource.transaction(async (manager) => {
        const isOver = await this.isOverdue(paymentId, side, manager);
        return isOver && (await this.releasePayment(paymentId, side, manager));
      });
      if (isReleased) released++;
    }
    return released;
  }

  private async ruleFor(request: Omit<LimitRequest, 'paymentId' | 'expiresAt'>): Promise<LimitRule | undefined> {
    const [rule] = await this.history.findMatching(request, request.at);
    return rule;
  }

  private async claimPayment(request: LimitRequest, manager: EntityManager): Promise<Counted | undefined> {
    const { paymentId, side, subject, transferType, amount, currency, expiresAt, at, pool = FIRM } = request;
    const content = [paymentId, side, subject, transferType, amount, currency];
    const parameters = [...content, expiresAt, at ?? null, this.timeZone, pool];
    const [row]: ReservationRow[] = await manager.query(CLAIM, parameters);
    if (row) return countedOf(row);
    const known = await this.findCounted(paymentId, side, manager);
    const differing = (['subject', 'transferType', 'amount', 'currency'] as const).filter(
      (field) => known?.[field] !== request[field],
    );
    if (differing.length === 0) return undefined;
    throw quoteError(QuoteErrorId.Mismatch, {
      extras: {
        params: differing.map((field) => ({
          field,
          expected: this.formatLimit(known?.[field]),
          actual: this.formatLimit(request[field]),
        })),
      },
    });
  }

  private async countPayment(counted: Counted, rule: LimitRule | undefined, manager: EntityManager): Promise<void> {
    const left = await this.leftOf(counted, this.countersOf(counted, rule), manager);
    const counters = left.map((counter) => Object.assign(counter, { maxAmount: counter.maxAmount ?? USED_MAX }));
    // A payment above a limit by itself has no row in the result of the statement.
    if (counters.every((counter) => isWithin(counter, counted.amount, 1))) {
      const rows: unknown[] = await manager.query(COUNT, [
        ...keysOf(counted, counters),
        counters.map(({ maxAmount }) => maxAmount),
        counters.map(({ maxCount }) => maxCount),
      ]);
      if (rows.length === counters.length) return;
    }
    throw await this.limitExceeded(counted, counters, manager);
  }

  /** Counts a promised payment whatever the limits are. */
  private async countPromised(counted: Counted, manager: EntityManager): Promise<void> {
    const counters = this.countersOf(counted);
    const unbound = counters.map(() => null);
    await manager.query(COUNT, [...keysOf(counted, counters), unbound, unbound]);
  }

  /** Limits less the payments that have begun. */
  private async leftOf(counted: Counted, counters: Counter[], manager: EntityManager): Promise<Counter[]> {
    const isBound = counters.some(({ maxAmount, maxCount }) => maxAmount !== null || maxCount !== null);
    if (counted.pool === FIRM || !isBound) return counters;
    const firm = await this.usedOf({ ...counted, pool: FIRM }, counters, manager);
    return counters.map((counter) => {
      const used = firm.find(isOf(counter));
      const { maxAmount, maxCount } = counter;
      return {
        ...counter,
        maxAmount: maxAmount === null ? null : maxAmount - BigInt(used?.amount ?? 0),
        maxCount: maxCount === null ? null : maxCount - (used?.count ?? 0),
      };
    });
  }

  private usedOf(counted: Counted, counters: readonly Counter[], manager: EntityManager): Promise<UsageRow[]> {
    return manager.query(
      `SELECT transfer_type AS "transferType", period, amount, count FROM limit_usage
       JOIN unnest($5::text[], $6::text[], $7::date[]) AS counter (transfer_type, period, starts_on)
         USING (transfer_type, period, starts_on)
       WHERE (subject, side, currency, pool) = ($1, $2, $3, $8) AND $4::bigint > 0`,
      keysOf(counted, counters),
    );
  }

  private async uncountPayment(counted: Counted, manager: EntityManager): Promise<void> {
    await manager.query(UNCOUNT, keysOf(counted, this.countersOf(counted)));
  }

  /** The reservation if it is open or may be counted again, locked until the end of the transaction. */
  private async openOf(
    paymentId: string,
    side: QuoteSide,
    manager: EntityManager,
  ): Promise<(Counted & { status: ReservationStatus }) | undefined> {
    const [row]: (ReservationRow & { status: ReservationStatus })[] = await manager.query(
      `SELECT status, ${CONTENT} FROM limit_reservations
       WHERE payment_id = $1 AND side = $2 AND status <> '${ReservationStatus.Confirmed}' FOR UPDATE`,
      [paymentId, side],
    );
    return row && { ...countedOf(row), status: row.status };
  }

  /** Error for the first limit that a refused payment exceeds. */
  private async limitExceeded(counted: Counted, counters: readonly Counter[], manager: EntityManager): Promise<Error> {
    const used = await this.usedOf(counted, counters, manager);
    for (const counter of counters) {
      const row = used.find(isOf(counter));
      const { amount, count } = PERIOD_LIMITS[counter.period];
      const { maxAmount, maxCount, limit } = counter;
      if (maxAmount !== null && BigInt(row?.amount ?? 0) + counted.amount > maxAmount) {
        if (limit.amount === null) return uncountable();
        return limitError(amount.type, formatShortest(limit.amount, this.scale));
      }
      if (maxCount !== null && (row?.count ?? 0) + 1 > maxCount) return limitError(count.type, limit.count!);
    }
    return new Error(`Payment was not counted for ${counted.subject}, although no limit is reached`);
  }

  private checkOne(amount: bigint, rule: LimitRule | undefined): void {
    const least = this.amountOf(rule?.minAmount);
    if (least !== null && amount < least) throw limitError(LimitType.MinAmount, formatShortest(least, this.scale));
    this.checkMost(amount, rule);
  }

  private checkMost(amount: bigint, rule: LimitRule | undefined): void {
    const most = this.amountOf(rule?.maxAmount);
    if (most !== null && amount > most) throw limitError(LimitType.MaxAmount, formatShortest(most, this.scale));
  }

  /** Counters of a payment. A rule for one type bounds those of that type, a rule for any type those of all types. */
  private countersOf(counted: Counted, rule?: LimitRule): Counter[] {
    return LIMIT_PERIODS.flatMap((period) =>
      [counted.transferType, ANY].map((transferType): Counter => {
        const limited = rule && transferType === (rule.transferType ?? ANY) ? rule : undefined;
        const maxAmount = this.amountOf(limited?.[PERIOD_LIMITS[period].amount.field]);
        const maxCount = limited?.[PERIOD_LIMITS[period].count.field] ?? null;
        const limit = { amount: maxAmount, count: maxCount };
        return { transferType, period, startsOn: counted[period], maxAmount, maxCount, limit };
      }),
    );
  }

  private amountOf(text: string | null | undefined): bigint | null {
    return text === null || text === undefined ? null : ruleAmount(text, this.scale);
  }

  private formatLimit(value: string | bigint | undefined): string | undefined {
    return typeof value === 'bigint' ? formatShortest(value, this.scale) : value;
  }

  private async findCounted(paymentId: string, side: QuoteSide, manager: EntityManager): Promise<Counted | undefined> {
    const [row]: ReservationRow[] = await manager.query(
      `SELECT ${CONTENT} FROM limit_reservations WHERE payment_id = $1 AND side = $2`,
      [paymentId, side],
    );
    return row && countedOf(row);
  }

  private async isOverdue(paymentId: string, side: QuoteSide, manager: EntityManager): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `SELECT FROM limit_reservations
       WHERE payment_id = $1 AND side = $2 AND status = $3 AND expires_at <= clock_timestamp() FOR UPDATE`,
      [paymentId, side, ReservationStatus.Reserved],
    );
    return rows.length === 1;
  }

  private async moveReservation(
    paymentId: string,
    side: QuoteSide,
    to: ReservationStatus,
    manager: EntityManager,
  ): Promise<{ from: ReservationStatus; reservation: Counted } | undefined> {
    const [row]: (ReservationRow & { status: ReservationStatus })[] = await manager.query(
      `SELECT status, ${CONTENT} FROM limit_reservations
       WHERE payment_id = $1 AND side = $2 AND status = ANY ($3) FOR UPDATE`,
      [paymentId, side, reservationStatusesBefore(to)],
    );
    if (!row) return undefined;
    await manager.query('UPDATE limit_reservations SET status = $3 WHERE payment_id = $1 AND side = $2', [
      paymentId,
      side,
      to,
    ]);
    return { from: row.status, reservation: countedOf(row) };
  }
}

function uncountable(): Error {
  const message = 'The amount is more than can be counted in one period';
  return quoteRequestError(QuoteRequestErrorId.UnprocessableEntity, { message });
}

function isWithin({ maxAmount, maxCount }: Counter, amount: bigint, count: number): boolean {
  return (maxAmount === null || amount <= maxAmount) && (maxCount === null || count <= maxCount);
}

function isOf(counter: Counter): (row: UsageRow) => boolean {
  return ({ transferType, period }) => transferType === counter.transferType && period === counter.period;
}

function countedOf(row: ReservationRow): Counted {
  return { ...row, amount: BigInt(row.amount) };
}

/** Parameters $1 to $8 of the statements. */
function keysOf({ subject, side, currency, amount, pool }: Counted, counters: readonly Counter[]): unknown[] {
  return [
    subject,
    side,
    currency,
    amount,
    counters.map(({ transferType }) => transferType),
    counters.map(({ period }) => period),
    counters.map(({ startsOn }) => startsOn),
    pool,
  ];
}
