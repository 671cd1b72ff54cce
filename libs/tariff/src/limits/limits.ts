import { formatShortest } from '@level-one/money';
import { type HotQuery, type HotStatements, type KeptCopies, refusalIn } from '@level-one/work';
import type { DataSource, EntityManager } from 'typeorm';
import { quoteError, QuoteErrorId, quoteRequestError, QuoteRequestErrorId, type QuoteSide } from '@level-one/quote';
import { ruleAmount } from '../fees/fee-choice.js';
import { limitError, LimitType } from './limit-errors.js';
import { ianaTimeZone, LIMIT_PERIODS, LimitPeriod, PERIOD_LIMITS } from './limit-period.js';
import { ReservationStatus } from './limit-reservation-status.js';
import { assertRoomUnder } from './limit-room.js';
import { checkCurrencies } from '../rules/currency-check.js';
import { checkLimitRules } from './limit-rule-check.js';
import { LimitReservation } from './limit-reservation.entity.js';
import { LimitRule } from './limit-rule.entity.js';
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

/** What a statement that counts a payment needs. */
export interface LimitReservationCall {
  /** Parameter of the SQL functions `reserve_limits` and `begin_payment`, as JSON; null: the payment does not count. */
  request: string | null;
  /** The contract's error if the statement was refused by these functions, else the error itself. */
  explain: (error: unknown) => unknown;
}

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

/** What a refusal is explained with. */
interface Refusable {
  bounds: readonly Bound[];
  /** Error if the payment alone is more or less than allowed. */
  refusal?: Error | undefined;
  request?: LimitRequest;
}

/** What a payment was reserved with. */
type ReservedContent = Pick<LimitReservation, 'subject' | 'transferType' | 'currency'> & { amount: string };

/** SQLSTATE of a payment that exceeds a limit. The detail is the place of its counter, from 0, and what is exceeded. */
const LIMIT_EXCEEDED = 'LV001';
/** SQLSTATE of a payment that is reserved with other content, which is the detail. */
const DIFFERS = 'LV002';

type UsageRow = Omit<LimitUse, 'amount' | 'transferType'> & { amount: string; transferType: CountedType };

/** Use of a subject's limits in the periods of a time. $1 subject, $2 side, $3 currency, $4 time or null, $5 time zone. */
const FIND_USES = `
  SELECT transfer_type AS "transferType", period, starts_on::text AS "startsOn",
    sum(amount)::text AS amount, sum(count)::int AS count
  FROM limit_usage, (SELECT coalesce($4::timestamptz, clock_timestamp()) AT TIME ZONE $5 AS local) AS clock
  WHERE (subject, side, currency) = ($1, $2, $3) AND count > 0 AND starts_on = date_trunc(period, local)::date
  GROUP BY transfer_type, period, starts_on
  ORDER BY transfer_type, period`;

/** Releases the reservation of a payment that will not be made. $1 payment, $2 side. */
const RELEASE = `SELECT move_limits($1, $2, '${ReservationStatus.Released}', NULL) AS "isMoved"`;

/** Releases a reservation that has expired, under the lock of its row. $1 payment, $2 side. */
const RELEASE_OVERDUE = `
  SELECT move_limits(payment_id, side, '${ReservationStatus.Released}', NULL) AS "isMoved" FROM (
    SELECT payment_id, side FROM limit_reservations
    WHERE payment_id = $1 AND side = $2 AND expires_at <= clock_timestamp() AND status = '${ReservationStatus.Reserved}'
    FOR UPDATE
  ) AS overdue`;

/**
 * Limits of a DFSP's customers and their use (contract 5.3, 6.2). A payment reserves its part first; parallel payments
 * together never exceed a limit. The reservation is confirmed when the payment is executed, and released when it
 * failed. SQL functions move it, in the statement that moves the payment: `reserve_limits` and `move_limits`.
 */
export class Limits {
  /** Reads and writes the rules. */
  readonly history: RuleHistory<LimitRule>;
  private readonly dataSource: DataSource;
  private readonly scale: number;
  private readonly timeZone: string;
  /** Status of the reservation of a rejected payment: whether it still counts. */
  readonly statusOfRejected: ReservationStatus;
  private readonly findUses: HotQuery<UsageRow>;
  private readonly release: HotQuery<{ isMoved: boolean }>;
  private readonly releaseIfOverdue: HotQuery<{ isMoved: boolean }>;

  /** @throws RangeError if the time zone is unknown */
  constructor(
    { dataSource, statements, copies }: LimitStores,
    { scale, currency, timeZone, countRejected = true }: LimitSettings,
  ) {
    this.dataSource = dataSource;
    this.scale = scale;
    this.timeZone = ianaTimeZone(timeZone);
    this.statusOfRejected = countRejected ? ReservationStatus.Confirmed : ReservationStatus.Released;
    this.history = new RuleHistory(dataSource, copies, LimitRule, function* (rules) {
      return [...(yield* checkLimitRules(rules, { scale })), ...checkCurrencies(rules, currency)];
    });
    this.findUses = statements.prepare(FIND_USES);
    this.release = statements.prepare(RELEASE);
    this.releaseIfOverdue = statements.prepare(RELEASE_OVERDUE);
  }

  /**
   * What `reserve_limits` needs to count a payment once, and `begin_payment` to keep its reservation or to count it.
   * Repeated, it changes nothing, even if the limits have changed.
   *
   * Explained: 422 LimitExceededError; 422 QuoteMismatchError if the payment was reserved with other content; 422
   * UnprocessableEntityError for more than can be counted in one period
   */
  async reservationOf(request: LimitRequest): Promise<LimitReservationCall> {
    const rule = await this.ruleFor(request);
    const refusal = this.findRefusal(request.amount, rule);
    if (request.isToOneself && !refusal) return { request: null, explain: (error) => error };
    const { paymentId, side, subject, transferType, amount, currency, expiresAt, at, pool = FIRM } = request;
    const bounds = this.boundsBy(rule);
    const content = { paymentId, side, subject, transferType, amount: amount.toString(), currency };
    const { timeZone } = this;
    return {
      request: JSON.stringify({
        ...content,
        expiresAt,
        at,
        timeZone,
        pool,
        isRefused: !!refusal,
        bounds: maximaOf(bounds),
      }),
      explain: (error) => this.explain(error, { bounds, refusal, request }),
    };
  }

  /**
   * What `begin_payment` needs to keep a reservation that was made before: the limits of the payment's type, for a
   * reservation in the pool of a DFSP. Explained: 422 LimitExceededError, UnprocessableEntityError
   */
  async keepingOf(request: RuleRequest): Promise<LimitReservationCall> {
    const bounds = this.boundsBy(await this.ruleFor(request));
    return {
      request: JSON.stringify({ bounds: maximaOf(bounds) }),
      explain: (error) => this.explain(error, { bounds }),
    };
  }

  /** Type and currency of a payment that was reserved; null if it was not. */
  async findReserved(
    paymentId: string,
    side: QuoteSide,
  ): Promise<Pick<LimitRequest, 'transferType' | 'currency'> | null> {
    const where = { paymentId, side };
    return this.dataSource.manager.findOne(LimitReservation, { select: { transferType: true, currency: true }, where });
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
   * Releases the reservation of a payment that will not be made.
   * @returns false if it was not counted, or is confirmed.
   */
  async releasePayment(paymentId: string, side: QuoteSide): Promise<boolean> {
    const [released] = await this.release(paymentId, side);
    return released!.isMoved;
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
    const rows = await this.findUses(subject, side, currency, at ?? null, this.timeZone);
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
      const [found] = await this.releaseIfOverdue(paymentId, side);
      if (found?.isMoved) released++;
    }
    return released;
  }

  private async ruleFor(request: RuleRequest & Pick<LimitRequest, 'at'>): Promise<LimitRule | undefined> {
    const [rule] = await this.history.findMatching(request, request.at);
    return rule;
  }

  /** Says which limit a statement found exceeded, or in what the payment differs from the reserved one. */
  private explain(error: unknown, { bounds, refusal, request }: Refusable): unknown {
    const { code, detail } = refusalIn(error) ?? {};
    if (code === DIFFERS) return this.mismatchWith(JSON.parse(detail!) as ReservedContent, request!);
    if (code !== LIMIT_EXCEEDED) return error;
    const [place, what] = detail!.split(' ');
    return what === undefined ? refusal : this.limitExceeded(bounds[Number(place)]!, what);
  }

  private mismatchWith(known: ReservedContent, request: LimitRequest): Error {
    const reserved = { ...known, amount: BigInt(known.amount) };
    const differing = (['subject', 'transferType', 'amount', 'currency'] as const).filter(
      (field) => reserved[field] !== request[field],
    );
    return quoteError(QuoteErrorId.Mismatch, {
      extras: {
        params: differing.map((field) => ({
          field,
          expected: this.formatLimit(reserved[field]),
          actual: this.formatLimit(request[field]),
        })),
      },
    });
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

/** Limits of the counters, as SQL functions take them. */
function maximaOf(bounds: readonly Bound[]): { maxAmount: string | null; maxCount: number | null }[] {
  return bounds.map(({ maxAmount, maxCount }) => ({ maxAmount: maxAmount?.toString() ?? null, maxCount }));
}
