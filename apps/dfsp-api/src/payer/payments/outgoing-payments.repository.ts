import { Injectable } from '@nestjs/common';
import { InvoiceNotificationRepository } from '@level-one/invoice';
import { QuoteSide, type TransferType } from '@level-one/quote';
import { type HotQuery, HotStatements, takeDue } from '@level-one/work';
import { DataSource, type EntityManager } from 'typeorm';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { type HoldEnd, QuoteHolds } from '../../quotes/quote-holds.js';
import {
  type FinalStatus,
  OutgoingPayment,
  OutgoingPaymentStatus,
  outgoingPaymentStatusesBefore,
} from './outgoing-payment.entity.js';

const OPEN = [OutgoingPaymentStatus.SettingUp, OutgoingPaymentStatus.Paying];

/** How a payment ended. */
export type PaymentEnd = { status: FinalStatus } & Partial<Pick<OutgoingPayment, 'fulfillment' | 'rejectionMessage'>>;

/** What the payment is for, as far as limits depend on it. */
export interface PaidFor {
  transferType: TransferType;
  payeeIdentifier: string;
}

/** Rolls back the transaction that stores the payment. */
class NotClaimed extends Error {}

/**
 * Payments of this DFSP's clients and the notifications they pay: both change in one transaction. Every move is a
 * conditional update, so that of two at once one wins; it answers whether this one did.
 */
@Injectable()
export class OutgoingPaymentsRepository {
  private readonly select: HotQuery<OutgoingPayment>;
  private readonly insert: (payment: OutgoingPayment, within: EntityManager) => Promise<boolean>;
  private readonly begin: HotQuery<object>;
  private readonly restart: HotQuery<object>;
  private readonly end: HotQuery<object>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly notifications: InvoiceNotificationRepository,
    private readonly holds: QuoteHolds,
    private readonly settings: DfspApiSettings,
    statements: HotStatements,
  ) {
    const payments = statements.tableOf(OutgoingPayment);
    this.select = payments.select('WHERE payment_id = $1');
    this.insert = payments.insertNew();
    this.begin = statements.prepare(`
      UPDATE outgoing_payments
      SET status = '${OutgoingPaymentStatus.Paying}', expires_at = $2, check_at = $3, amount = $4, condition_hash = $5
      WHERE payment_id = $1 AND status = '${OutgoingPaymentStatus.SettingUp}' RETURNING true`);
    this.restart = statements.prepare(`
      UPDATE outgoing_payments
      SET status = '${OutgoingPaymentStatus.Paying}', expires_at = $2, check_at = $3, condition_hash = $4
      WHERE payment_id = $1 AND status = '${OutgoingPaymentStatus.Failed}'
        AND is_quoted AND rejection_message IS NULL AND invoice_url IS NULL RETURNING true`);
    this.end = statements.prepare(`
      UPDATE outgoing_payments SET status = $2, fulfillment = $3, rejection_message = $4
      WHERE payment_id = $1 AND status = ANY ($5) RETURNING true`);
  }

  async findPayment(paymentId: string): Promise<OutgoingPayment | null> {
    const [payment] = await this.select(paymentId);
    return payment ?? null;
  }

  /**
   * Stores a payment and holds its quote, or without a quote counts it towards the limits. False while another payment
   * of the same invoice by the same payer is open, or if the id is taken.
   * @throws ContractError 422 QuoteExpiredError, QuoteUsedError, LimitExceededError; then nothing is stored
   */
  async claimPayment(payment: OutgoingPayment, of: PaidFor): Promise<boolean> {
    try {
      await this.dataSource.transaction((manager) => this.claimWithin(payment, of, manager));
      return true;
    } catch (error) {
      if (error instanceof NotClaimed) return false;
      throw error;
    }
  }

  /** Setting up → paying: from now on it may have been sent. False if the keeper has given it up. */
  async beginPayment(
    paymentId: string,
    {
      expiresAt,
      checkAt,
      amount,
      conditionHash,
    }: Pick<OutgoingPayment, 'expiresAt' | 'checkAt' | 'amount' | 'conditionHash'>,
  ): Promise<boolean> {
    const [begun] = await this.begin(paymentId, expiresAt, checkAt, amount, conditionHash);
    return begun !== undefined;
  }

  /** → final. The notification becomes paid with it, or pending again. */
  endPayment(payment: OutgoingPayment, { status, ...learnt }: PaymentEnd): Promise<boolean> {
    return this.endFrom(payment, outgoingPaymentStatusesBefore(status), status, learnt);
  }

  /** Setting up → failed: the setup took too long. The payment will never be sent. */
  giveUpPayment(payment: OutgoingPayment): Promise<boolean> {
    return this.endFrom(payment, [OutgoingPaymentStatus.SettingUp], OutgoingPaymentStatus.Failed, {});
  }

  /**
   * Failed → paying, for a quoted payment that was never sent and never refused. False for any other payment.
   * @throws ContractError 422 QuoteExpiredError, QuoteUsedError; then nothing is changed
   */
  restartPayment({ paymentId, expiresAt, checkAt, conditionHash }: OutgoingPayment): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const [restarted] = await this.restart.within(manager)(paymentId, expiresAt, checkAt, conditionHash);
      if (restarted) await this.holds.holdQuote(QuoteSide.Debit, paymentId, manager);
      return restarted !== undefined;
    });
  }

  /** Takes up to `limit` open payments that are due; no other instance takes them until `until`. */
  takeDue(now: Date, until: Date, limit: number): Promise<OutgoingPayment[]> {
    return takeDue(this.dataSource.manager, OutgoingPayment, {
      where: 'status IN (:...open) AND check_at <= :now',
      parameters: { open: OPEN, now },
      since: 'checkAt',
      limit,
      lease: { checkAt: until },
    });
  }

  async checkAgain(paymentId: string, checkAt: Date): Promise<void> {
    await this.dataSource.manager.update(OutgoingPayment, { paymentId }, { checkAt });
  }

  /** Makes open payments due: at the start of the role no request waits for them. */
  async checkAllNow(now: Date): Promise<void> {
    await this.dataSource
      .createQueryBuilder()
      .update(OutgoingPayment)
      .set({ checkAt: now })
      .where('status = :paying AND check_at > :now', { paying: OutgoingPaymentStatus.Paying, now })
      .execute();
  }

  private async claimWithin(payment: OutgoingPayment, of: PaidFor, manager: EntityManager): Promise<void> {
    const { paymentId, notificationId } = payment;
    if (!(await this.insert(payment, manager))) throw new NotClaimed();
    if (notificationId !== null && !(await this.notifications.claimNotification(notificationId, paymentId, manager))) {
      throw new NotClaimed();
    }
    const { payerIdentifier, amount } = payment;
    const { currency } = this.settings;
    const uncounted = { ...of, subject: payerIdentifier, payerIdentifier, amount, currency };
    await this.holds.beginPayment(QuoteSide.Debit, payment, uncounted, manager);
  }

  private endFrom(
    payment: OutgoingPayment,
    from: OutgoingPaymentStatus[],
    to: FinalStatus,
    { fulfillment = null, rejectionMessage = null }: Omit<PaymentEnd, 'status'>,
  ): Promise<boolean> {
    const { paymentId, notificationId } = payment;
    return this.dataSource.transaction(async (manager) => {
      const reason = rejectionMessage && JSON.stringify(rejectionMessage);
      const [ended] = await this.end.within(manager)(paymentId, to, fulfillment, reason, from);
      if (!ended) return false;
      await this.holds.endPayment(QuoteSide.Debit, payment, HOLD_ENDS[to], manager);
      if (notificationId === null) return true;
      if (to === OutgoingPaymentStatus.Executed)
        await this.notifications.executeNotification(notificationId, paymentId, manager);
      else await this.notifications.releaseNotification(notificationId, paymentId, manager);
      return true;
    });
  }
}

/** An expired payment may or may not have been prepared: for limits it counts as never prepared. */
const HOLD_ENDS: Readonly<Record<FinalStatus, HoldEnd>> = {
  [OutgoingPaymentStatus.Executed]: 'executed',
  [OutgoingPaymentStatus.Rejected]: 'rejected',
  [OutgoingPaymentStatus.Expired]: 'lapsed',
  [OutgoingPaymentStatus.Failed]: 'lapsed',
};
