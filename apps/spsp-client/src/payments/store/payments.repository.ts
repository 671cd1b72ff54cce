import { Injectable } from '@nestjs/common';
import { takeDue } from '@level-one/work';
import { DataSource, type QueryDeepPartialEntity } from 'typeorm';
import { Payment, type PaymentEnd } from './payment.entity.js';

/** Payments that this DFSP began. */
@Injectable()
export class PaymentsRepository {
  constructor(private readonly dataSource: DataSource) {}

  findPayment(id: string): Promise<Payment | null> {
    return this.dataSource.manager.findOneBy(Payment, { id });
  }

  /** Stores a payment unless its id is taken; answers whether it did, and what is stored now. */
  async keepFirst(payment: Payment): Promise<{ isNew: boolean; payment: Payment }> {
    const result = await this.dataSource
      .createQueryBuilder()
      .insert()
      .into(Payment)
      .values(payment as QueryDeepPartialEntity<Payment>)
      .orIgnore()
      .returning('id')
      .execute();
    const kept = await this.dataSource.manager.findOneByOrFail(Payment, { id: payment.id });
    return { isNew: (result.raw as unknown[]).length === 1, payment: kept };
  }

  /** Pending → final; false when it was final already. */
  async endPayment(id: string, { status, fulfillment, rejectionMessage, refusal }: PaymentEnd): Promise<boolean> {
    const end = {
      status,
      fulfillment: fulfillment ?? null,
      rejectionMessage: rejectionMessage ?? null,
      refusal: refusal ?? null,
    };
    const result = await this.dataSource
      .createQueryBuilder()
      .update(Payment)
      .set(end as QueryDeepPartialEntity<Payment>)
      .where(`id = :id AND status = 'pending'`, { id })
      .execute();
    return result.affected === 1;
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
