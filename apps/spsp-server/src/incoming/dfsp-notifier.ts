import { Injectable } from '@nestjs/common';
import { formatAmount } from '@level-one/money';
import {
  type PaymentNotificationDto,
  type PaymentTarget,
  type ReceiverPaymentStatus,
  SchemeAdapterClient,
  SpspBackendClient,
} from '@level-one/peers';
import { type Delivered, DeliveryKeeper, Health, RoleLogger, withTrace } from '@level-one/platform';
import { type DeliveryFailure, deadlineFrom } from '@level-one/work';
import {
  type EndedPayment,
  type IssuedPayment,
  isPaidByRequest,
  type Telling,
} from '../issuing/store/issued-payment.entity.js';
import { IssuedPaymentsRepository } from '../issuing/store/issued-payments.repository.js';
import { SpspServerSettings } from '../spsp-server.settings.js';

const SWEEP_INTERVAL_MS = 2_000;
/** An end is taken for this long: longer than row 34 may take. */
const LEASE_MS = 20_000;

/**
 * Tells the payee's DFSP of its incoming payments (row 34, row 48 of quoted ones), and how they ended until it knows or
 * the deadline is over.
 */
@Injectable()
export class DfspNotifier extends DeliveryKeeper<EndedPayment> {
  constructor(
    private readonly settings: SpspServerSettings,
    private readonly backend: SpspBackendClient,
    private readonly schemeAdapter: SchemeAdapterClient,
    private readonly payments: IssuedPaymentsRepository,
    logger: RoleLogger,
    health: Health,
  ) {
    const traceIdOf = ({ paymentId }: IssuedPayment): string => paymentId;
    super({ name: 'outcomes to notify', intervalMs: SWEEP_INTERVAL_MS, logger, traceIdOf }, settings);
    health.registerDetail('undeliverable', () => payments.countUndeliverable());
  }

  /** Asks whether the DFSP takes a prepared payment. @throws ContractError with its reason when it does not. */
  async approve(payment: IssuedPayment): Promise<void> {
    await this.sendStatus(payment, 'prepared');
  }

  /**
   * Asks what the DFSP says to a transfer of a quoted payment (row 48): `prepared` asks to take it, `proposed` only what
   * it thinks of it. @throws ContractError with its reason when it does not take it.
   */
  async judgeQuoted(notification: PaymentNotificationDto): Promise<void> {
    await this.schemeAdapter.notify(notification);
  }

  /**
   * Notifies the DFSP of the end of a payment, and records both in one write. If the DFSP cannot be notified, it is tried
   * again later.
   * @param end with `mayWait` where nobody waits for the write, which can come with others
   * @throws what the database throws while it takes nothing: then nobody knows the end, and it is to be told again
   */
  async tellEnd(payment: IssuedPayment, end: Pick<EndedPayment, 'outcome' | 'endedAt' | 'mayWait'>): Promise<void> {
    const tellAttempts = payment.tellAttempts + 1;
    await this.deliver(Object.assign({}, payment, end, { tellAttempts }));
  }

  /** Makes another attempt for an end that could not be told, and tries it until a new deadline. False if it is none. */
  async tellAgain(paymentId: string): Promise<boolean> {
    const deadline = deadlineFrom(new Date(), this.settings);
    const payment = await this.payments.takeAgain(paymentId, { until: leaseEnd(), deadline });
    if (!payment) return false;
    await withTrace({ traceId: paymentId }, () => this.attempt(payment as EndedPayment));
    return true;
  }

  /** Makes the oldest ends that were given up due, and tries them until a new deadline. @returns how many */
  async sendAllAgain(limit: number): Promise<number> {
    const count = await this.payments.takeAllAgain(limit, deadlineFrom(new Date(), this.settings));
    this.runNow();
    return count;
  }

  /** Until when it is tried to tell an end. */
  deadlineOf({ endedAt, tellUntil }: Pick<EndedPayment, 'endedAt' | 'tellUntil'>): Date {
    return tellUntil ?? deadlineFrom(endedAt, this.settings);
  }

  protected async takeDue(now: Date): Promise<EndedPayment[]> {
    return (await this.payments.takeUntold(now, leaseEnd(), 1)) as EndedPayment[];
  }

  protected send(payment: EndedPayment): Promise<void> {
    return this.sendStatus(payment, payment.outcome);
  }

  protected describe(payment: EndedPayment): Delivered {
    const { paymentId, outcome, tellAttempts: attempts } = payment;
    return { id: paymentId, attempts, deadline: this.deadlineOf(payment), logged: { paymentId, outcome } };
  }

  protected recordDelivered(payment: EndedPayment): Promise<void> {
    return this.record(payment, { toldAt: new Date(), tellErrorId: null, tellError: null });
  }

  protected recordFailure(payment: EndedPayment, { errorId, message, nextAttemptAt }: DeliveryFailure): Promise<void> {
    const failed = { tellErrorId: errorId, tellError: message };
    return this.record(
      payment,
      nextAttemptAt ? { ...failed, tellAfter: nextAttemptAt } : { ...failed, givenUpAt: new Date() },
    );
  }

  private async record(payment: EndedPayment, changes: Partial<Telling>): Promise<void> {
    const { paymentId } = payment;
    const end = Object.assign({}, payment, { tellAfter: payment.tellAfter ?? payment.endedAt }, changes);
    if (!payment.mayWait) await this.payments.endPayment(paymentId, end);
    // Its row keeps the times of the attempts that failed, so it has to be there before.
    else if (end.toldAt === null) await this.payments.endUnwritten(end);
    else await this.payments.endWithOthers(end);
  }

  private async sendStatus(payment: IssuedPayment, status: ReceiverPaymentStatus): Promise<void> {
    const { paymentId, invoiceId, identifier, senderIdentifier, memo, amount, account, data, ipr } = payment;
    const destinationAmount = formatAmount(amount, this.settings.scale);
    if (isPaidByRequest(payment)) {
      const told = { destinationAmount, destinationAccount: account, ...(data === null ? {} : { data }) };
      return this.judgeQuoted({ paymentId, status, transferId: paymentId, ipr: ipr!, ...told });
    }
    const target: PaymentTarget = invoiceId === null ? { identifier: identifier! } : { invoiceId };
    await this.backend.payment(target, {
      status,
      transferId: paymentId,
      paymentid: paymentId,
      ...(invoiceId === null ? {} : { invoiceId }),
      senderIdentifier: senderIdentifier!,
      destinationAmount,
      ...(memo === null ? {} : { memo }),
    });
  }
}

function leaseEnd(): Date {
  return new Date(Date.now() + LEASE_MS);
}
