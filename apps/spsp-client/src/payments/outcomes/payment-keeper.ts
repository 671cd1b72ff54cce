import { Injectable } from '@nestjs/common';
import { RoleLogger, withTrace } from '@level-one/platform';
import { Keeper } from '@level-one/work';
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
export class SpspClientPaymentKeeper extends Keeper {
  constructor(
    private readonly payments: PaymentsRepository,
    private readonly outcomes: SpspClientPaymentOutcomes,
    private readonly logger: RoleLogger,
  ) {
    super({ name: 'pending payments', intervalMs: SWEEP_INTERVAL_MS, logger });
  }

  protected async sweep(signal: AbortSignal): Promise<void> {
    const now = new Date();
    const until = new Date(now.getTime() + CHECK_AGAIN_MS);
    for (const payment of await this.payments.takeDue(now, until, SWEEP_BATCH)) {
      if (signal.aborted) return;
      await withTrace({ traceId: payment.id }, () => this.checkPayment(payment));
    }
  }

  private async checkPayment(payment: Payment): Promise<void> {
    try {
      const transfer = await this.outcomes.transferOf(payment);
      if (transfer) await this.outcomes.learnState(payment, transfer);
      else if (Date.now() > payment.expiresAt.getTime() + ON_ITS_WAY_MS) await this.outcomes.expirePayment(payment);
    } catch (err) {
      this.logger.warn({ err, paymentId: payment.id }, 'the ledger could not be asked about a payment');
    }
  }
}
