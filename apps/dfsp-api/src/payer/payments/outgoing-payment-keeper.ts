import { Injectable } from '@nestjs/common';
import { RoleLogger, RowKeeper } from '@level-one/platform';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { askAgainAt } from '../../ledger/ask-again.js';
import { isBeingSent, OutgoingPayment, OutgoingPaymentStatus } from './outgoing-payment.entity.js';
import { OutgoingPaymentsRepository, type PaymentEnd } from './outgoing-payments.repository.js';
import { OutgoingPaymentOutcomes } from './outgoing-payment-outcomes.js';

const BATCH = 2;
const LANES = 4;
/** Payments are taken for this long: longer than a batch of questions may take. */
const LEASE_MS = 60_000;

/**
 * Follows payments that got no answer because of a crash, a timeout or a slow network. It asks the SPSP client (row
 * 23b) and the DFSP's ledger until the ledger has a final state, however long that takes; until then a payment stays
 * open, with its quote and its limits. One that never came to the ledger is given up there first: when its time is over,
 * or sooner if the SPSP client does not know it.
 */
@Injectable()
export class OutgoingPaymentKeeper extends RowKeeper<OutgoingPayment> {
  constructor(
    private readonly payments: OutgoingPaymentsRepository,
    private readonly outcomes: OutgoingPaymentOutcomes,
    private readonly settings: DfspApiSettings,
    logger: RoleLogger,
  ) {
    super({
      name: 'outgoing payments',
      intervalMs: settings.sweepIntervalMs,
      logger,
      traceIdOf: ({ paymentId }) => paymentId,
      lanes: LANES,
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
    const isSetUp = payment.status !== OutgoingPaymentStatus.SettingUp;
    const end = await (isSetUp ? this.learnEnd(payment, now) : this.outcomes.giveUp(payment));
    return end ? this.outcomes.recordEnd(payment, end) : this.putBack(payment);
  }

  protected override putBack({ paymentId, createdAt }: OutgoingPayment): Promise<void> {
    return this.payments.checkAgain(paymentId, askAgainAt(createdAt, this.settings.paymentAskMaxS));
  }

  /**
   * Whether the order to pay, of which the SPSP client knows nothing, was lost: no request sends it, and nobody has
   * repeated it for a while. If it comes nevertheless, the ledger refuses it, because its id is void then.
   */
  private isLost(payment: OutgoingPayment, now: Date): boolean {
    const since = payment.sendingUntil ?? payment.createdAt;
    return !isBeingSent(payment) && now.getTime() > since.getTime() + this.settings.paymentLostS * 1_000;
  }

  private async learnEnd(payment: OutgoingPayment, now: Date): Promise<PaymentEnd | undefined> {
    const found = await this.outcomes.askClient(payment);
    // The request may still be on its way; after the expiry it is refused.
    const graceEnds = (payment.expiresAt?.getTime() ?? 0) + this.settings.paymentGraceS * 1_000;
    const isOver = now.getTime() > graceEnds || (found === 'unknown' && this.isLost(payment, now));
    return this.outcomes.confirmEnd(payment, typeof found === 'string' ? {} : found, { isOver });
  }
}
