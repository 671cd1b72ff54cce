import { Injectable } from '@nestjs/common';
import { RoleLogger, RowKeeper } from '@level-one/platform';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { ReceiverPaymentEnds } from './receiver-payment-ends.js';
import { ReceiverPayment, ReceiverPaymentStatus } from './receiver-payment.entity.js';
import { ReceiverPaymentsRepository } from './receiver-payments.repository.js';

const BATCH = 50;
/** Payments are taken for this long: longer than a batch of questions to the ledger may take. */
const LEASE_MS = 60_000;
/** Pause between two questions about one payment. */
const ASK_AGAIN_MS = 5_000;

/**
 * Ends payments that were set up and got no further news: after their expiry the DFSP's ledger is asked how the transfer
 * ended. A transfer that has not come is made void, so that it never comes. While the ledger does not answer, the payment
 * stays open.
 */
@Injectable()
export class ReceiverPaymentKeeper extends RowKeeper<ReceiverPayment> {
  constructor(
    private readonly payments: ReceiverPaymentsRepository,
    private readonly ends: ReceiverPaymentEnds,
    private readonly settings: DfspApiSettings,
    logger: RoleLogger,
  ) {
    super({
      name: 'receiver payments',
      intervalMs: settings.sweepIntervalMs,
      logger,
      traceIdOf: ({ paymentId }) => paymentId,
    });
  }

  /** Payments whose time is over. */
  protected takeDue(now: Date): Promise<ReceiverPayment[]> {
    return this.payments.takeDue(now, new Date(now.getTime() + LEASE_MS), BATCH);
  }

  protected async lookAfter(payment: ReceiverPayment, now: Date): Promise<void> {
    const { transferId, expiresAt } = payment;
    const graceMs = transferId === null ? 0 : this.settings.paymentGraceS * 1_000;
    const graceEnds = expiresAt.getTime() + graceMs;
    if (now.getTime() < graceEnds) return this.payments.checkAgain(payment.paymentId, new Date(graceEnds));
    if (await this.ends.endPayment(payment, { status: ReceiverPaymentStatus.Expired })) return;
    await this.putBack(payment);
  }

  protected override putBack({ paymentId }: ReceiverPayment): Promise<void> {
    return this.payments.checkAgain(paymentId, new Date(Date.now() + ASK_AGAIN_MS));
  }
}
