import { Injectable } from '@nestjs/common';
import { type HotQuery, HotStatements, type HotTable } from '@level-one/platform';
import { takeDue } from '@level-one/work';
import { DataSource } from 'typeorm';
import { type NewPayment, Payment, type PaymentEnd } from './payment.entity.js';

const BEGUN = [
  'id',
  'fingerprint',
  'details',
  'transfer',
  'expiresAt',
  'status',
  'createdAt',
  'checkAt',
] as const satisfies (keyof NewPayment)[];
const OF_END = ['status', 'fulfillment', 'rejectionMessage', 'refusal'] as const satisfies (keyof PaymentEnd)[];

/** Payments that this DFSP began. */
@Injectable()
export class PaymentsRepository {
  private readonly table: HotTable<Payment>;
  private readonly find: HotQuery<Payment>;
  private readonly insertOrFind: (row: NewPayment) => Promise<{ row: Payment; isNew: boolean }>;
  private readonly end: HotQuery<Payment>;

  constructor(
    private readonly dataSource: DataSource,
    statements: HotStatements,
  ) {
    this.table = statements.tableOf(Payment);
    this.find = this.table.select('WHERE id = $1');
    this.insertOrFind = this.table.insertOrFind(BEGUN, ['id']);
    this.end = this.table.query(`
      UPDATE {table} SET status = $2, fulfillment = $3, rejection_message = $4, refusal = $5
      WHERE id = $1 AND status = 'pending'
      RETURNING {columns}`);
  }

  async findPayment(id: string): Promise<Payment | null> {
    const [payment] = await this.find(id);
    return payment ?? null;
  }

  /** Stores a payment unless its id is taken; answers whether it did, and what is stored now. */
  async keepFirst(payment: NewPayment): Promise<{ isNew: boolean; payment: Payment }> {
    const { row, isNew } = await this.insertOrFind(payment);
    return { isNew, payment: row };
  }

  /** Pending → final. @returns the payment; null when it was final already. */
  async endPayment(id: string, end: PaymentEnd): Promise<Payment | null> {
    const [payment] = await this.end(id, ...this.table.valuesOf(end, OF_END));
    return payment ?? null;
  }

  /** Takes up to `limit` pending payments whose check is due; no other worker takes them until `until`. */
  takeDue(now: Date, until: Date, limit: number): Promise<Payment[]> {
    return takeDue(this.dataSource.manager, Payment, {
      where: `status = 'pending' AND check_at <= :now`,
      parameters: { now },
      since: 'checkAt',
      limit,
      lease: { checkAt: until },
    });
  }
}
