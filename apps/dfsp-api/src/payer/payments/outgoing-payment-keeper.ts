import { Injectable } from '@nestjs/common';
import { RoleLogger, RowKeeper } from '@level-one/platform';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { OutgoingPayment, OutgoingPaymentStatus } from './outgoing-payment.entity.js';
import { OutgoingPaymentsRepository, type PaymentEnd } from './outgoing-payments.repository.js';
import { OutgoingPaymentOutcomes } from './outgoing-payment-outcomes.js';

const BATCH = 20;
/** Payments are taken for this long: longer than a batch of questions may take. */
const LEASE_MS = 180_000;
/** Pause between two questions about one payment. */
const ASK_AGAIN_MS = 2_000;

/**
 * Follows payments that got no answer because of a crash, a timeout or a slow network. It asks the SPSP client (row
 * 23b) and the DFSP's ledger until the ledger has a final state; until then a payment stays open.
 */
@Injectable()
export class OutgoingPaymentKeeper extends RowKeeper<OutgoingPayment> {
  constructor(
    private readonly payments: OutgoingPaymentsRepository,
    private readonly outcomes: OutgoingPaymentOutcomes,
    private readonly settings: DfspApiSettings,
    private readonly logger: RoleLogger,
  ) {
    super({
      name: 'outgoing payments',
      intervalMs: settings.sweepIntervalMs,
      logger,
      traceIdOf: ({ paymentId }) => paymentId,
    });
  }

  override async onApplicationBootstrap(): Promise<void> {
    await this.payments.checkAllNow(new Date());
    await super.onApplicationBootstrap();
  }

  /** Payments whose answer is overdue. */
  protected takeDue(now: Date): Promise<OutgoingPayment[]> {
    return this.payments.takeDue(now, new Date(now.getTime() + LEASE_MS), BATCH);
  }

  protected async lookAfter(payment: OutgoingPayment, now: Date): Promise<void> {
    const { paymentId } = payment;
    if (await this.payments.giveUpPayment(payment)) {
      this.logger.warn({ paymentId }, 'a payment was given up: its setup was never completed');
      return;
    }
    const end = await this.learnEnd(payment, now);
    if (end) await this.outcomes.recordEnd(payment, end);
    else await this.payments.checkAgain(paymentId, new Date(Date.now() + ASK_AGAIN_MS));
  }

  private async learnEnd(payment: OutgoingPayment, now: Date): Promise<PaymentEnd | undefined> {
    const found = await this.outcomes.askClient(payment);
    if (found !== 'unknown') return this.outcomes.confirmEnd(payment, found === 'unanswered' ? {} : found);
    const end = await this.outcomes.confirmEnd(payment, {});
    if (end) return end;
    // The request may still be on its way; after the expiry it is refused.
    const graceEnds = (payment.expiresAt?.getTime() ?? Infinity) + this.settings.paymentGraceS * 1_000;
    const isOver = now.getTime() > graceEnds && (await this.outcomes.isUnknownToLedger(payment));
    return isOver ? { status: OutgoingPaymentStatus.Failed } : undefined;
  }
}
