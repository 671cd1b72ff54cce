import { Injectable } from '@nestjs/common';
import { type HotQuery, HotStatements, type HotTable } from '@level-one/platform';
import { deleteDue, takeDue } from '@level-one/work';
import { DataSource } from 'typeorm';
import { IssuedPayment, isPaidByRequest, type NewIssuedPayment, type PaymentEnd } from './issued-payment.entity.js';

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

/** Maximum of payments under way that are kept in memory; the one kept first is forgotten first. */
const UNDER_WAY_MAX = 2_000;

/**
 * Payments that were set up or asked for by a payment request.
 *
 * Those that are under way here are also kept in memory. What was issued for a payment never changes; another instance
 * may only add the setup to a payment request, or record the end.
 */
@Injectable()
export class IssuedPaymentsRepository {
  private readonly underWay = new Map<string, IssuedPayment>();
  private readonly table: HotTable<IssuedPayment>;
  private readonly find: HotQuery<IssuedPayment>;
  private readonly insertOrFind: (row: NewIssuedPayment) => Promise<{ row: IssuedPayment }>;
  private readonly addPart: HotQuery<IssuedPayment>;
  private readonly end: HotQuery<IssuedPayment>;

  constructor(
    private readonly dataSource: DataSource,
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
      UPDATE {table} SET outcome = $2, ended_at = $3, told_at = $4, tell_after = $5
      WHERE payment_id = $1 AND (outcome IS NULL OR outcome = $2) AND told_at IS NULL
      RETURNING {columns}`);
  }

  async findPayment(paymentId: string): Promise<IssuedPayment | null> {
    const [payment] = await this.find(paymentId);
    return payment ? this.keep(payment) : null;
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

  /** Keeps what was issued first under an id, and answers it. */
  async keepFirst(payment: NewIssuedPayment): Promise<IssuedPayment> {
    return this.keep((await this.insertOrFind(payment)).row);
  }

  /** Adds the setup to what only a payment request was made of; answers what is kept, which may be another setup. */
  async addSetup(payment: NewIssuedPayment): Promise<IssuedPayment> {
    const [changed] = await this.addPart(payment.paymentId, ...this.table.valuesOf(payment, OF_SETUP));
    return changed ? this.keep(changed) : this.keepFirst(payment);
  }

  /**
   * Records how the transfer ended, and whether the DFSP was told of it.
   * @returns false when another end is recorded, or the DFSP was told before.
   */
  async endPayment(paymentId: string, { outcome, endedAt, toldAt, tellAfter }: PaymentEnd): Promise<boolean> {
    this.underWay.delete(paymentId);
    return (await this.end(paymentId, outcome, endedAt, toldAt, tellAfter)).length === 1;
  }

  /** Forgets payments that expired before a time and never came, at most `limit` of them; answers how many. */
  dropAbandoned(before: Date, limit: number): Promise<number> {
    for (const { paymentId, expiresAt } of this.underWay.values()) {
      if (expiresAt < before) this.underWay.delete(paymentId);
    }
    return deleteDue(this.dataSource.manager, IssuedPayment, {
      where: 'outcome IS NULL AND expires_at < :before',
      parameters: { before },
      since: 'expiresAt',
      limit,
    });
  }

  /** Takes up to `limit` payments whose outcome is due to be sent; no other worker takes them until `until`. */
  takeUntold(now: Date, until: Date, limit: number): Promise<IssuedPayment[]> {
    return takeDue(this.dataSource.manager, IssuedPayment, {
      where: 'outcome IS NOT NULL AND told_at IS NULL AND tell_after <= :now',
      parameters: { now },
      since: 'tellAfter',
      limit,
      lease: { tellAfter: until },
    });
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
