import { formatShortest } from '@level-one/money';
import type { HotQuery, HotStatements, KeptCopies } from '@level-one/work';
import type { DataSource, EntityManager } from 'typeorm';
import { quoteError, QuoteErrorId, quoteRequestError, QuoteRequestErrorId, type QuoteSide } from '@level-one/quote';
import { ruleAmount } from '../fees/fee-choice.js';
import { limitError, LimitType } from './limit-errors.js';
import { ianaTimeZone, LIMIT_PERIODS, LimitPeriod, PERIOD_LIMITS } from './limit-period.js';
import { ReservationStatus } from './limit-reservation-status.js';
import { assertRoomUnder } from './limit-room.js';
import { checkCurrencies } from '../rules/currency-check.js';
import { checkLimitRules } from './limit-rule-check.js';
import { LimitRule } from './limit-rule.entity.js';
import {
  CONFIRM,
  FIND_USES,
  KEEP,
  LIMIT_EXCEEDED,
  RELEASE,
  RELEASE_OVERDUE,
  RESERVE,
  RESTORE_EXPIRY,
  type ReservationFound,
} from './limit-statements.js';
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

/** Numbers of payer and payee, which select rules. */
export type LimitParties = Pick<RuleRequest, 'payerIdentifier' | 'payeeIdentifier'>;

/** Where limits are stored. */
export interface LimitStores {
  dataSource: DataSource;
  statements: HotStatements;
  copies: KeptCopies;
}

/** Limits of one counter of a payment; null: none. */
interface Bound {
  period: LimitPeriod;
  maxAmount: bigint | null;
  maxCount: number | null;
}

type UsageRow = Omit<LimitUse, 'amount' | 'transferType'> & { amount: string; transferType: CountedType };

/**
 * Limits of a DFSP's customers and their use (contract 5.3, 6.2). A payment reserves its part first; parallel payments
 * together never exceed a limit. The reservation is confirmed when the payment is executed, and released when it
 * failed. Each call may be repeated. `within` is the transaction to take part in.
 */
export class Limits {
  /** Reads and writes the rules. */
  readonly history: RuleHistory<LimitRule>;
  private readonly dataSource: DataSource;
  private readonly scale: number;
  private readonly timeZone: string;
  private readonly countRejected: boolean;
  private readonly run: {
    reserve: HotQuery<ReservationFound>;
    keep: HotQuery<ReservationFound>;
    confirm: HotQuery<ReservationFound>;
    release: HotQuery<ReservationFound>;
    releaseOverdue: HotQuery<ReservationFound>;
    restoreExpiry: HotQuery<never>;
    findUses: HotQuery<UsageRow>;
  };

  /** @throws RangeError if the time zone is unknown */
  constructor(
    { dataSource, statements, copies }: LimitStores,
    { scale, currency, timeZone, countRejected = true }: LimitSettings,
  ) {
    this.dataSource = dataSource;
    this.scale = scale;
    this.timeZone = ianaTimeZone(timeZone);
    this.countRejected = countRejected;
    this.history = new RuleHistory(dataSource, copies, LimitRule, function* (rules) {
      return [...(yield* checkLimitRules(rules, { scale })), ...checkCurrencies(rules, currency)];
    });
    this.run = {
      reserve: statements.prepare(RESERVE),
      keep: statements.prepare(KEEP),
      confirm: statements.prepare(CONFIRM),
      release: statements.prepare(RELEASE),
      releaseOverdue: statements.prepare(RELEASE_OVERDUE),
      restoreExpiry: statements.prepare(RESTORE_EXPIRY),
      findUses: statements.prepare(FIND_USES),
    };
  }

  /**
   * Counts a payment once. A repeated call changes nothing, even if the limits have changed.
   *
   * @throws ContractError 422 LimitExceededError; 422 QuoteMismatchError if the payment was reserved with other
   * content; 422 UnprocessableEntityError for more than can be counted in one period
   */
  async reservePayment(request: LimitRequest, within?: EntityManager): Promise<void> {
    const rule = await this.ruleFor(request);
    const refusal = this.findRefusal(request.amount, rule);
    if (request.isToOneself) {
      if (refusal) throw refusal;
      return;
    }
    const found = refusal ? undefined : await this.reserveOrFind(request, rule, within);
    if (found?.isMoved) return;
    const known = found?.status ? found : await this.findReservation(request.paymentId, request.side, within);
    if (known) this.assertSame(request, known);
    if (known && known.status !== ReservationStatus.Released) return;
    throw refusal ?? new Error(`Payment ${request.paymentId} was neither reserved nor found`);
  }

  /**
   * Checks that a payment of this amount could be reserved now. Reserves nothing, so parallel callers may all pass.
   * @throws ContractError 422 LimitExceededError
   */
  async assertRoom(request: Omit<LimitRequest, 'paymentId' | 'expiresAt'>): Promise<void> {
    const rule = await this.ruleFor(request);
    if (!rule) return;
    const { subject, side, currency, amount, at } = request;
    const refusal = this.findRefusalOfMost(amount, rule);
    if (refusal) throw refusal;
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
  async keepReservation(
    paymentId: string,
    side: QuoteSide,
    within?: EntityManager,
    parties: LimitParties = {},
  ): Promise<boolean> {
    const keep = this.run.keep.within(within);
    const [found] = await keep(paymentId, side, false, null, null);
    if (!found || found.isMoved || found.pool === FIRM) return found?.isMoved ?? false;
    const { transferType, currency } = found as ReservationFound & Pick<LimitRequest, 'transferType'>;
    const bounds = this.boundsBy(await this.ruleFor({ transferType, currency, side, ...parties }));
    const [kept] = await this.refusedBy(bounds, keep(paymentId, side, true, ...maximaOf(bounds)));
    return kept?.isMoved ?? false;
  }

  /**
   * Counts an executed payment finally, even if its reservation was released.
   * @returns false if it was already confirmed, or never reserved.
   */
  async confirmPayment(paymentId: string, side: QuoteSide, within?: EntityManager): Promise<boolean> {
    const [found] = await this.run.confirm.within(within)(paymentId, side);
    return found?.isMoved ?? false;
  }

  /**
   * Releases the reservation of a payment that will not be made.
   * @returns false if it was not counted, or is confirmed.
   */
  async releasePayment(paymentId: string, side: QuoteSide, within?: EntityManager): Promise<boolean> {
    const [found] = await this.run.release.within(within)(paymentId, side);
    return found?.isMoved ?? false;
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
    await this.run.restoreExpiry.within(within)(paymentId, side, at);
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
    const rows = await this.run.findUses(subject, side, currency, at ?? null, this.timeZone);
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
      const [found] = await this.run.releaseOverdue(paymentId, side);
      if (found?.isMoved) released++;
    }
    return released;
  }

  private async ruleFor(request: RuleRequest & Pick<LimitRequest, 'at'>): Promise<LimitRule | undefined> {
    const [rule] = await this.history.findMatching(request, request.at);
    return rule;
  }

  private async reserveOrFind(
    request: LimitRequest,
    rule: LimitRule | undefined,
    within: EntityManager | undefined,
  ): Promise<ReservationFound | undefined> {
    const { paymentId, side, subject, transferType, amount, currency, expiresAt, at, pool = FIRM } = request;
    const content = [paymentId, side, subject, transferType, amount, currency];
    const bounds = this.boundsBy(rule);
    const reserve = this.run.reserve.within(within);
    const [found] = await this.refusedBy(
      bounds,
      reserve(...content, expiresAt, at ?? null, this.timeZone, pool, ...maximaOf(bounds)),
    );
    return found;
  }

  /** A reservation that a statement did not see, because it is newer, or was not asked for. */
  private async findReservation(
    paymentId: string,
    side: QuoteSide,
    within: EntityManager = this.dataSource.manager,
  ): Promise<ReservationFound | undefined> {
    const [row]: ReservationFound[] = await within.query(
      `SELECT false AS "isMoved", status, subject, transfer_type AS "transferType", currency, amount, pool
       FROM limit_reservations WHERE payment_id = $1 AND side = $2`,
      [paymentId, side],
    );
    return row;
  }

  private assertSame(request: LimitRequest, found: ReservationFound): void {
    const known = { ...found, amount: BigInt(found.amount) };
    const differing = (['subject', 'transferType', 'amount', 'currency'] as const).filter(
      (field) => known[field] !== request[field],
    );
    if (differing.length === 0) return;
    throw quoteError(QuoteErrorId.Mismatch, {
      extras: {
        params: differing.map((field) => ({
          field,
          expected: this.formatLimit(known[field]),
          actual: this.formatLimit(request[field]),
        })),
      },
    });
  }

  /** Says which limit a statement found exceeded. */
  private async refusedBy<T>(bounds: readonly Bound[], work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const { code, detail } = error as { code?: string; detail?: string };
      if (code !== LIMIT_EXCEEDED) throw error;
      const [place, what] = detail!.split(' ');
      throw this.limitExceeded(bounds[Number(place) - 1]!, what!);
    }
  }

  private limitExceeded({ period, maxAmount, maxCount }: Bound, what: string): Error {
    const { amount, count } = PERIOD_LIMITS[period];
    if (what === 'count') return limitError(count.type, maxCount!);
    return maxAmount === null ? uncountable() : limitError(amount.type, formatShortest(maxAmount, this.scale));
  }

  private findRefusal(amount: bigint, rule: LimitRule | undefined): Error | undefined {
    const least = this.amountOf(rule?.minAmount);
    if (least !== null && amount < least) return limitError(LimitType.MinAmount, formatShortest(least, this.scale));
    return this.findRefusalOfMost(amount, rule);
  }

  private findRefusalOfMost(amount: bigint, rule: LimitRule | undefined): Error | undefined {
    const most = this.amountOf(rule?.maxAmount);
    return most !== null && amount > most
      ? limitError(LimitType.MaxAmount, formatShortest(most, this.scale))
      : undefined;
  }

  /** Limits of the counters of a payment. A rule for one type bounds those of its type, one for any type those of all. */
  private boundsBy(rule: LimitRule | undefined): Bound[] {
    return LIMIT_PERIODS.flatMap((period) =>
      [false, true].map((isOfAll): Bound => {
        const limited = rule && isOfAll === (rule.transferType === null) ? rule : undefined;
        const { amount, count } = PERIOD_LIMITS[period];
        return {
          period,
          maxAmount: this.amountOf(limited?.[amount.field]),
          maxCount: limited?.[count.field] ?? null,
        };
      }),
    );
  }

  private amountOf(text: string | null | undefined): bigint | null {
    return text === null || text === undefined ? null : ruleAmount(text, this.scale);
  }

  private formatLimit(value: string | bigint): string {
    return typeof value === 'bigint' ? formatShortest(value, this.scale) : value;
  }
}

function uncountable(): Error {
  const message = 'The amount is more than can be counted in one period';
  return quoteRequestError(QuoteRequestErrorId.UnprocessableEntity, { message });
}

/** Maximum amounts and maximum numbers, as statements take them. */
function maximaOf(bounds: readonly Bound[]): [amounts: (bigint | null)[], counts: (number | null)[]] {
  return [bounds.map(({ maxAmount }) => maxAmount), bounds.map(({ maxCount }) => maxCount)];
}
