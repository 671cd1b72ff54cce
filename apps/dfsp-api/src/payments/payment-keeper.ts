import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { type PaymentResultDto, SpspClientProxyClient } from '@level-one/peers';
import { RoleLogger, Sweeper, withTrace } from '@level-one/platform';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { OutgoingPayment, OutgoingPaymentStatus } from './outgoing-payment.entity.js';
import { OutgoingPaymentsRepository, type PaymentEnd } from './outgoing-payments.repository.js';

const BATCH = 20;
/** Longer than a batch of questions may take. */
const LEASE_MS = 180_000;
/** Pause between two questions about one payment. */
const ASK_AGAIN_MS = 2_000;
const FULFILLMENT_LENGTH_MAX = 1_024;
const REJECTION_LENGTH_MAX = 8_192;

/**
 * Owner of payments whose answer did not come, because of a crash, a timeout or a slow network. It asks the SPSP
 * client what became of them (row 23b) until it hears something final; it never guesses.
 */
@Injectable()
export class PaymentKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweeper: Sweeper;

  constructor(
    private readonly payments: OutgoingPaymentsRepository,
    private readonly proxy: SpspClientProxyClient,
    private readonly settings: DfspApiSettings,
    private readonly logger: RoleLogger,
  ) {
    this.sweeper = new Sweeper({
      name: 'outgoing payments',
      intervalMs: settings.sweepIntervalMs,
      sweep: (signal) => this.lookAfterDue(signal),
      logger,
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.payments.checkAllNow(new Date());
    this.sweeper.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweeper.stop();
  }

  /** Writes down how a payment ended; of two who learn it at once, one does. */
  async record(payment: OutgoingPayment, end: PaymentEnd): Promise<void> {
    const { paymentId } = payment;
    if (await this.payments.end(payment, end)) return;
    const known = await this.payments.find(paymentId);
    if (known?.status === end.status) return;
    this.logger.error({ paymentId, known: known?.status, told: end.status }, 'a payment ended in two ways');
  }

  /** What the SPSP client says of a payment. `unanswered`: it could not be asked. */
  async ask({ paymentId }: OutgoingPayment): Promise<PaymentResultDto | 'unknown' | 'unanswered'> {
    try {
      return await this.proxy.payment(paymentId);
    } catch (error) {
      const isUnknown = error instanceof ContractError && error.status === 404 && error.id === 'NotFoundError';
      return isUnknown ? 'unknown' : 'unanswered';
    }
  }

  /** Looks after every payment whose answer is overdue. */
  async lookAfterDue(signal?: AbortSignal): Promise<void> {
    const now = new Date();
    for (const payment of await this.payments.takeDue(now, new Date(now.getTime() + LEASE_MS), BATCH)) {
      if (signal?.aborted) return;
      await withTrace({ traceId: payment.paymentId }, () => this.tryToLookAfter(payment, now));
    }
  }

  /** One payment that cannot be looked after must not keep the others waiting. */
  private async tryToLookAfter(payment: OutgoingPayment, now: Date): Promise<void> {
    try {
      await this.lookAfter(payment, now);
    } catch (err) {
      this.logger.error({ err, paymentId: payment.paymentId }, 'could not look after a payment');
    }
  }

  private async lookAfter(payment: OutgoingPayment, now: Date): Promise<void> {
    const { paymentId } = payment;
    if (await this.payments.giveUp(payment)) {
      this.logger.warn({ paymentId }, 'a payment was left behind while it was set up');
      return;
    }
    const end = await this.learn(payment, now);
    if (end) await this.record(payment, end);
    else await this.payments.checkAgain(paymentId, new Date(Date.now() + ASK_AGAIN_MS));
  }

  private async learn(payment: OutgoingPayment, now: Date): Promise<PaymentEnd | undefined> {
    const found = await this.ask(payment);
    if (found === 'unanswered') return undefined;
    if (found !== 'unknown') return endOf(found);
    // The request may still be on its way; once its time is over it would be refused.
    const graceEnds = (payment.expiresAt?.getTime() ?? Infinity) + this.settings.paymentGraceS * 1_000;
    return now.getTime() > graceEnds ? { status: OutgoingPaymentStatus.Failed } : undefined;
  }
}

/** How the payment ended, or undefined while it has not. */
export function endOf(
  result: Pick<PaymentResultDto, 'status' | 'fulfillment' | 'rejectionMessage'>,
): PaymentEnd | undefined {
  switch (result?.status) {
    case 'executed':
      return {
        status: OutgoingPaymentStatus.Executed,
        fulfillment: textUpTo(FULFILLMENT_LENGTH_MAX, result.fulfillment),
      };
    case 'rejected':
      return { status: OutgoingPaymentStatus.Rejected, rejectionMessage: smallObject(result.rejectionMessage) };
    case 'expired':
      return { status: OutgoingPaymentStatus.Expired };
    default:
      return undefined;
  }
}

function textUpTo(length: number, value: unknown): string | null {
  return typeof value === 'string' && value.length <= length ? value : null;
}

function smallObject(value: unknown): Record<string, unknown> | null {
  if (typeof value !== 'object' || value === null) return null;
  return JSON.stringify(value).length <= REJECTION_LENGTH_MAX ? (value as Record<string, unknown>) : null;
}
