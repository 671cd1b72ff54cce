import { Injectable } from '@nestjs/common';
import { RoleLogger, RowKeeper } from '@level-one/platform';
import type { Payment } from '../store/payment.entity.js';
import { SpspClientPaymentOutcomes } from './payment-outcomes.js';
import { PaymentsRepository } from '../store/payments.repository.js';

const SWEEP_INTERVAL_MS = 1_000;
const SWEEP_BATCH = 50;
const CHECK_AGAIN_MS = 5_000;
/** Longest time for which a T1 may still be under way after its expiry. The ledger refuses it then. */
const ON_ITS_WAY_MS = 5_000;

/** Follows pending payments to their end: asks the ledger about those without an event. */
@Injectable()
export class SpspClientPaymentKeeper extends RowKeeper<Payment> {
  constructor(
    private readonly payments: PaymentsRepository,
    private readonly outcomes: SpspClientPaymentOutcomes,
    logger: RoleLogger,
  ) {
    super({ name: 'pending payments', intervalMs: SWEEP_INTERVAL_MS, logger, traceIdOf: ({ id }) => id });
  }

  protected takeDue(now: Date): Promise<Payment[]> {
    return this.payments.takeDue(now, new Date(now.getTime() + CHECK_AGAIN_MS), SWEEP_BATCH);
  }

  protected async lookAfter(payment: Payment): Promise<void> {
    const transfer = await this.outcomes.transferOf(payment);
    if (transfer) await this.outcomes.learnState(payment, transfer);
    else if (Date.now() > payment.expiresAt.getTime() + ON_ITS_WAY_MS) await this.outcomes.expirePayment(payment);
  }
}
