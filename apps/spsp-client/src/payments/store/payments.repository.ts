import { Injectable } from '@nestjs/common';
import { type HotQuery, HotStatements, type HotTable } from '@level-one/platform';
import { SharedWrites, takeDue, UNSEEN_WITHIN_MS } from '@level-one/work';
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

/** A payment and how it ended. */
type EndOfPayment = PaymentEnd & Pick<Payment, 'id'>;

/** Payments that this DFSP began. */
@Injectable()
export class PaymentsRepository {
  private readonly table: HotTable<Payment>;
  private readonly find: HotQuery<Payment>;
  private readonly insertOrFind: (row: NewPayment) => Promise<{ row: Payment; isNew: boolean }>;
  private readonly end: HotQuery<Payment>;
  private readonly ends: SharedWrites<EndOfPayment>;
  /** Ends that are on their way to the database, by the ids of their payments. */
  private readonly ended = new Map<string, PaymentEnd>();

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
    this.ends = new SharedWrites<EndOfPayment>({
      alone: async ({ id, ...end }) => (await this.endPayment(id, end)) !== null,
      together: this.table.updateEach('id', OF_END, `{table}.status = 'pending'`),
      withinMs: UNSEEN_WITHIN_MS,
    });
  }

  /** A payment, as it has ended here also where that is not written yet. */
  async findPayment(id: string): Promise<Payment | null> {
    const end = this.ended.get(id);
    const [payment] = await this.find(id);
    return payment ? withEnd(payment, end) : null;
  }

  /** Stores a payment unless its id is taken; answers whether it did, and what is stored now. */
  async keepFirst(payment: NewPayment): Promise<{ isNew: boolean; payment: Payment }> {
    const end = this.ended.get(payment.id);
    const { row, isNew } = await this.insertOrFind(payment);
    return { isNew, payment: withEnd(row, end) };
  }

  /** Pending → final. @returns the payment; null when it was final already. */
  async endPayment(id: string, end: PaymentEnd): Promise<Payment | null> {
    const [payment] = await this.end(id, ...this.table.valuesOf(end, OF_END));
    return payment ?? null;
  }

  /**
   * As {@link endPayment}, in one commit with other ends, up to a second later.
   * @returns whether it was pending
   */
  async endWithOthers(id: string, end: PaymentEnd): Promise<boolean> {
    this.ended.set(id, end);
    try {
      return await this.ends.write({ id, ...end });
    } finally {
      this.ended.delete(id);
    }
  }

  /** Writes at once what {@link endWithOthers} was given. */
  settle(): Promise<void> {
    return this.ends.settle();
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

/** @param end was on its way to the database when the row was read */
function withEnd(payment: Payment, end: PaymentEnd | undefined): Payment {
  return payment.status === 'pending' ? Object.assign(payment, end) : payment;
}
