import { Injectable } from '@nestjs/common';
import { deleteDue, takeDue } from '@level-one/work';
import { DataSource, type QueryDeepPartialEntity } from 'typeorm';
import { IssuedPayment, type NewIssuedPayment, type PaymentOutcome, type SetupPart } from './issued-payment.entity.js';

/** Payments that were set up. */
@Injectable()
export class IssuedPaymentsRepository {
  constructor(private readonly dataSource: DataSource) {}

  findPayment(paymentId: string): Promise<IssuedPayment | null> {
    return this.dataSource.manager.findOneBy(IssuedPayment, { paymentId });
  }

  /** Keeps what was issued first under an id, and answers it. */
  async keepFirst(payment: NewIssuedPayment): Promise<IssuedPayment> {
    await this.dataSource
      .createQueryBuilder()
      .insert()
      .into(IssuedPayment)
      .values(payment as QueryDeepPartialEntity<IssuedPayment>)
      .orIgnore()
      .execute();
    return this.dataSource.manager.findOneByOrFail(IssuedPayment, { paymentId: payment.paymentId });
  }

  /** Adds the setup to what only a payment request was made of; answers what is kept, which may be another setup. */
  async addSetup(paymentId: string, setup: SetupPart): Promise<IssuedPayment> {
    await this.dataSource
      .createQueryBuilder()
      .update(IssuedPayment)
      .set(setup as QueryDeepPartialEntity<IssuedPayment>)
      .where('payment_id = :paymentId AND fingerprint IS NULL AND outcome IS NULL', { paymentId })
      .execute();
    return this.dataSource.manager.findOneByOrFail(IssuedPayment, { paymentId });
  }

  /** Remembers how the transfer ended; false when that is known already. */
  async endPayment(paymentId: string, outcome: PaymentOutcome, at: Date, tellAfter: Date): Promise<boolean> {
    const result = await this.dataSource
      .createQueryBuilder()
      .update(IssuedPayment)
      .set({ outcome, endedAt: at, tellAfter })
      .where('payment_id = :paymentId AND outcome IS NULL', { paymentId })
      .execute();
    return result.affected === 1;
  }

  /** Forgets payments that expired before a time and never came, at most `limit` of them; answers how many. */
  dropAbandoned(before: Date, limit: number): Promise<number> {
    return deleteDue(this.dataSource.manager, IssuedPayment, {
      where: 'outcome IS NULL AND expires_at < :before',
      parameters: { before },
      since: 'expiresAt',
      limit,
    });
  }

  /** Marks the DFSP as notified of the outcome, or as given up. */
  async markTold(paymentId: string, at: Date): Promise<void> {
    await this.dataSource.manager.update(IssuedPayment, { paymentId }, { toldAt: at });
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
}
