import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { type HotQuery, HotStatements, type HotTable, RoleLogger } from '@level-one/platform';
import { changeDue, LateRows, SharedWrites, takeDue, UNSEEN_WITHIN_MS } from '@level-one/work';
import { DataSource, IsNull } from 'typeorm';
import { SpspServerSettings } from '../../spsp-server.settings.js';
import {
  type EndedPayment,
  IssuedPayment,
  isPaidByRequest,
  type NewIssuedPayment,
  NOT_ENDED,
  type Telling,
} from './issued-payment.entity.js';

const ISSUED = [
  'paymentId',
  'fingerprint',
  'invoiceId',
  'identifier',
  'senderIdentifier',
  'memo',
  'account',
  'amount',
  'packet',
  'condition',
  'expiresAt',
  'reply',
  'ipr',
  'requestFingerprint',
  'data',
] as const satisfies (keyof NewIssuedPayment)[];
const OF_SETUP = [
  'fingerprint',
  'invoiceId',
  'identifier',
  'senderIdentifier',
  'memo',
  'expiresAt',
  'reply',
] as const satisfies (keyof NewIssuedPayment)[];

/** What is known of an end, in the order in which it is written. */
const OF_END = [
  'outcome',
  'endedAt',
  'toldAt',
  'tellAfter',
  'tellAttempts',
  'tellUntil',
  'tellErrorId',
  'tellError',
  'givenUpAt',
] as const satisfies (keyof IssuedPayment)[];
/** Ends whose last attempt to notify the DFSP failed. */
const FAILING = 'tell_error_id IS NOT NULL AND told_at IS NULL';
const COUNTED_MAX = 10_000;

/** How a payment ended, and what the DFSP knows of it. */
export type PaymentEnd = Pick<EndedPayment, 'outcome' | 'endedAt'> & Telling;

/** All that is written of a payment that may not have a row yet. */
const WHOLE = [...ISSUED, ...OF_END, 'issuedAt'] as const satisfies (keyof IssuedPayment)[];

/** Maximum of payment requests that wait to be written; further ones are written before they are answered. */
const UNWRITTEN_MAX = 5_000;

/** Maximum of payments under way that are kept in memory; the one kept first is forgotten first. */
const UNDER_WAY_MAX = 2_000;

/**
 * Payments that were set up or asked for by a payment request.
 *
 * Those that are under way here are also kept in memory. What is kept of a payment never changes; another instance may
 * only add the setup to a payment request, or record the end.
 *
 * Nobody waits until a payment request is written: its transfer proves what was issued, also where the row is missing.
 */
@Injectable()
export class IssuedPaymentsRepository implements BeforeApplicationShutdown {
  private readonly underWay = new Map<string, IssuedPayment>();
  /** Payment requests that are on their way to the database. */
  private readonly unwritten: LateRows<IssuedPayment>;
  private readonly table: HotTable<IssuedPayment>;
  private readonly find: HotQuery<IssuedPayment>;
  private readonly insertOrFind: (row: NewIssuedPayment) => Promise<{ row: IssuedPayment }>;
  private readonly addPart: HotQuery<IssuedPayment>;
  private readonly end: HotQuery<IssuedPayment>;
  private readonly shared: SharedWrites<IssuedPayment>;

  constructor(
    private readonly dataSource: DataSource,
    logger: RoleLogger,
    private readonly settings: SpspServerSettings,
    statements: HotStatements,
  ) {
    this.table = statements.tableOf(IssuedPayment);
    this.find = this.table.select('WHERE payment_id = $1');
    this.insertOrFind = this.table.insertOrFind(ISSUED, ['paymentId']);
    this.addPart = this.table.query(`
      UPDATE {table}
      SET fingerprint = $2, invoice_id = $3, identifier = $4, sender_identifier = $5, memo = $6, expires_at = $7,
        reply = $8
      WHERE payment_id = $1 AND fingerprint IS NULL AND outcome IS NULL
      RETURNING {columns}`);
    this.end = this.table.query(`
      UPDATE {table}
      SET outcome = $2, ended_at = $3, told_at = $4, tell_after = $5, tell_attempts = $6, tell_until = $7,
        tell_error_id = $8, tell_error = $9, given_up_at = $10
      WHERE payment_id = $1 AND (outcome IS NULL OR outcome = $2) AND told_at IS NULL
      RETURNING {columns}`);
    const write = this.table.insertEach('paymentId', WHOLE, {
      properties: OF_END,
      condition: `excluded.outcome IS NOT NULL AND (kept.outcome IS NULL OR kept.outcome = excluded.outcome)
        AND kept.told_at IS NULL AND kept.packet = excluded.packet`,
    });
    this.shared = new SharedWrites<IssuedPayment>({
      together: async (payments) => {
        const last = [...new Map(payments.map((payment) => [payment.paymentId, payment])).values()];
        const isWritten = await write(last);
        const written = new Set(last.filter((_, index) => isWritten[index]).map(({ paymentId }) => paymentId));
        return payments.map(({ paymentId }) => written.has(paymentId));
      },
      withinMs: UNSEEN_WITHIN_MS,
    });
    this.unwritten = new LateRows<IssuedPayment>({
      keyOf: ({ paymentId }) => paymentId,
      write: (request) => this.writeRequest(request),
      afterMs: settings.requestWrittenAfterMs,
      onLost: ({ paymentId }, err) =>
        logger.warn({ err, paymentId }, 'a payment request was not written; its transfer tells what was issued'),
    });
  }

  async findPayment(paymentId: string): Promise<IssuedPayment | null> {
    // Looked for before and after: it may be written meanwhile, too late to be found.
    const request = this.unwritten.get(paymentId);
    const [payment] = await this.find(paymentId);
    return payment ? this.keep(payment) : (this.unwritten.get(paymentId) ?? request ?? null);
  }

  /**
   * What was issued for a payment, from memory if it is under way here. Whether it has got a setup or an end at another
   * instance meanwhile is not known: each move of a payment decides that by itself.
   */
  async findIssued(paymentId: string): Promise<IssuedPayment | null> {
    return this.underWay.get(paymentId) ?? this.findPayment(paymentId);
  }

  /** As {@link findIssued}, for a payment whose setup counts: one that may have got it elsewhere is read. */
  async findWithSetup(paymentId: string): Promise<IssuedPayment | null> {
    const kept = this.underWay.get(paymentId);
    return kept && !isPaidByRequest(kept) ? kept : this.findPayment(paymentId);
  }

  /**
   * Keeps what is issued for a payment request, unless something is kept under its id; answers what is kept. It is written
   * some seconds later, in one commit with others, unless its setup or its end is written before.
   *
   * @param issue makes what is kept; it may refuse
   */
  async findOrIssue(paymentId: string, issue: () => NewIssuedPayment): Promise<IssuedPayment> {
    const known = (await this.findIssued(paymentId)) ?? this.underWay.get(paymentId);
    if (known) return known;
    const request = issue();
    if (this.settings.requestWrittenAfterMs === 0 || this.unwritten.size >= UNWRITTEN_MAX)
      return this.keepFirst(request);
    const payment: IssuedPayment = Object.assign({}, request, NOT_ENDED, { issuedAt: new Date() });
    this.unwritten.add(payment);
    return this.keep(payment);
  }

  /** Writes at once what {@link endWithOthers} was given. */
  settle(): Promise<void> {
    return this.shared.settle();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const written = this.unwritten.settle();
    await this.settle();
    await written;
  }

  /** Another instance may have kept something else under the id: that counts. */
  private async writeRequest(request: IssuedPayment): Promise<void> {
    if (!(await this.shared.write(request))) this.underWay.delete(request.paymentId);
  }

  /** Keeps what was issued first under an id, and answers it. */
  async keepFirst(payment: NewIssuedPayment): Promise<IssuedPayment> {
    return this.keep((await this.insertOrFind(payment)).row);
  }

  /** Adds the setup to what only a payment request was made of; answers what is kept, which may be another setup. */
  async addSetup(payment: NewIssuedPayment): Promise<IssuedPayment> {
    const { paymentId } = payment;
    if (this.unwritten.get(paymentId)) {
      const written = this.keepFirst(payment);
      this.unwritten.supersede(paymentId, written);
      const kept = await written;
      if (!isPaidByRequest(kept)) return kept;
    }
    const [changed] = await this.addPart(paymentId, ...this.table.valuesOf(payment, OF_SETUP));
    return changed ? this.keep(changed) : this.keepFirst(payment);
  }

  /** As {@link endPayment}, of a payment whose row may be missing. */
  async endUnwritten(payment: IssuedPayment & PaymentEnd): Promise<boolean> {
    await this.keepFirst(payment);
    return this.endPayment(payment.paymentId, payment);
  }

  /**
   * Records how the transfer ended, and whether the DFSP was told of it.
   * @returns false when another end is recorded, or the DFSP was told before.
   */
  async endPayment(paymentId: string, end: PaymentEnd): Promise<boolean> {
    this.underWay.delete(paymentId);
    return (await this.end(paymentId, ...this.table.valuesOf(end, OF_END))).length === 1;
  }

  /** As {@link endPayment}, in one commit with others; also of a payment request that is not written yet. */
  endWithOthers(payment: IssuedPayment & PaymentEnd): Promise<boolean> {
    this.underWay.delete(payment.paymentId);
    const written = this.shared.write(Object.assign({}, payment, { issuedAt: payment.issuedAt ?? new Date() }));
    this.unwritten.supersede(payment.paymentId, written);
    return written;
  }

  /**
   * Takes up to `limit` payments that expired before a time and whose end is not known; no other worker takes them until
   * `until`. They are not kept in memory any more.
   */
  takeUnended(before: Date, now: Date, { until, limit }: { until: Date; limit: number }): Promise<IssuedPayment[]> {
    for (const { paymentId, expiresAt } of this.underWay.values()) {
      if (expiresAt < before) this.underWay.delete(paymentId);
    }
    return takeDue(this.dataSource.manager, IssuedPayment, {
      where: 'outcome IS NULL AND expires_at < :before AND (check_at IS NULL OR check_at <= :now)',
      parameters: { before, now },
      since: 'expiresAt',
      limit,
      lease: { checkAt: until },
    });
  }

  /** The ledger is asked again at `at` for a payment whose end is not known. */
  async askAgain(paymentId: string, at: Date): Promise<void> {
    await this.dataSource.manager.update(IssuedPayment, { paymentId, outcome: IsNull() }, { checkAt: at });
  }

  /** Forgets a payment that never came. */
  async dropPayment(paymentId: string): Promise<void> {
    this.underWay.delete(paymentId);
    await this.dataSource.manager.delete(IssuedPayment, { paymentId, outcome: IsNull() });
  }

  /** Takes up to `limit` payments whose outcome is due to be sent; no other worker takes them until `until`. */
  takeUntold(now: Date, until: Date, limit: number): Promise<IssuedPayment[]> {
    return takeDue(this.dataSource.manager, IssuedPayment, {
      where: 'outcome IS NOT NULL AND told_at IS NULL AND given_up_at IS NULL AND tell_after <= :now',
      parameters: { now },
      since: 'tellAfter',
      limit,
      lease: { tellAfter: until, tellAttempts: () => 'tell_attempts + 1' },
    });
  }

  /** A page of the ends that the DFSP was not told, the oldest first. */
  findFailing({ after, limit }: { after: string | undefined; limit: number }): Promise<IssuedPayment[]> {
    const query = this.dataSource
      .createQueryBuilder(IssuedPayment, 'payment')
      .where(FAILING)
      .orderBy('payment.endedAt')
      .addOrderBy('payment.paymentId')
      .take(limit);
    if (after !== undefined) {
      const last = 'SELECT ended_at, payment_id FROM issued_payments WHERE payment_id = :after';
      query.andWhere(`(ended_at, payment_id) > (${last})`, { after });
    }
    return query.getMany();
  }

  /** Number of undeliverable ends, counted up to a maximum. */
  async countUndeliverable(): Promise<number> {
    const [{ count } = { count: 0 }] = await this.dataSource.query<{ count: number }[]>(`
      SELECT count(*)::int AS count FROM (
        SELECT FROM issued_payments WHERE given_up_at IS NOT NULL LIMIT ${COUNTED_MAX}
      ) AS undeliverable`);
    return count;
  }

  /** Takes an end that the DFSP was not told for another attempt, and tries it until a new deadline; null if it is none. */
  async takeAgain(
    paymentId: string,
    { until, deadline }: { until: Date; deadline: Date },
  ): Promise<IssuedPayment | null> {
    const again = { givenUpAt: null, tellAfter: until, tellUntil: deadline, tellAttempts: () => 'tell_attempts + 1' };
    const taken = await this.dataSource
      .createQueryBuilder()
      .update(IssuedPayment)
      .set(again)
      .where(`payment_id = :paymentId AND ${FAILING}`, { paymentId })
      .execute();
    return taken.affected === 1 ? this.findPayment(paymentId) : null;
  }

  /** Makes the oldest ends that were given up due now, and tries them until a new deadline. @returns how many */
  async takeAllAgain(limit: number, tellUntil: Date): Promise<number> {
    const changed = await changeDue(this.dataSource.manager, IssuedPayment, {
      where: `${FAILING} AND given_up_at IS NOT NULL`,
      since: 'endedAt',
      limit,
      changes: { givenUpAt: null, tellAfter: new Date(), tellUntil },
      returning: ['paymentId'],
    });
    return changed.length;
  }

  private keep(payment: IssuedPayment): IssuedPayment {
    const { paymentId, outcome } = payment;
    this.underWay.delete(paymentId);
    if (outcome !== null) return payment;
    this.underWay.set(paymentId, payment);
    if (this.underWay.size > UNDER_WAY_MAX) this.underWay.delete(this.underWay.keys().next().value!);
    return payment;
  }
}
