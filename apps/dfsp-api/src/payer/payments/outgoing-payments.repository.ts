import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { executeNotificationSql, type NotificationPaymentSql, releaseNotificationSql } from '@level-one/invoice';
import { QuoteSide, type TransferType } from '@level-one/quote';
import { Limits } from '@level-one/tariff';
import { type HotQuery, HotStatements, SharedWrites, takeDue } from '@level-one/work';
import { DataSource } from 'typeorm';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { PaymentLog } from '../../ledger/payment-log.js';
import { type Ending, isMoved } from '../../quotes/payment-moves.js';
import {
  type FinalStatus,
  isOpen,
  OutgoingPayment,
  OutgoingPaymentStatus,
  outgoingPaymentStatusesBefore,
} from './outgoing-payment.entity.js';

const OPEN = [OutgoingPaymentStatus.SettingUp, OutgoingPaymentStatus.Paying];

/** How a payment ended. */
export type PaymentEnd = { status: FinalStatus } & Partial<Pick<OutgoingPayment, 'fulfillment' | 'rejectionMessage'>>;

interface ExecutedPayment {
  payment: OutgoingPayment;
  fulfillment: string | null;
}

/** What the payment is for, as far as limits depend on it. */
export interface PaidFor {
  transferType: TransferType;
  payeeIdentifier: string;
}

/**
 * Payments of this DFSP's clients. With a payment its quote, its limits and the notification it pays move in the same
 * statement. Every move is conditional, so that of two at once one wins; it answers whether this one did.
 */
@Injectable()
export class OutgoingPaymentsRepository implements BeforeApplicationShutdown {
  private readonly select: HotQuery<OutgoingPayment>;
  private readonly selectOfInvoice: HotQuery<OutgoingPayment>;
  private readonly claim: (payment: OutgoingPayment, limits: string | null) => Promise<boolean>;
  private readonly begin: HotQuery<object>;
  private readonly resend: HotQuery<object>;
  private readonly end: HotQuery<object>;
  private readonly executions: SharedWrites<ExecutedPayment>;
  /** Payments whose execution is on its way to the database, by id. */
  private readonly executing = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly limits: Limits,
    private readonly settings: DfspApiSettings,
    private readonly log: PaymentLog,
    statements: HotStatements,
  ) {
    const table = statements.tableOf(OutgoingPayment);
    this.select = table.select('WHERE payment_id = $1');
    // An invoice is found by its id, which is the last part of its URL.
    this.selectOfInvoice = table.select(`
      WHERE split_part(invoice_url, '/', -1) = split_part($1, '/', -1) AND invoice_url = $1 AND payer_identifier = $2
        AND status IN ('settingUp', 'paying', 'executed')
      ORDER BY status = 'executed', created_at DESC LIMIT 1`);
    this.claim = table.insertNewWith(
      'claim_notification(notification_id, payment_id)',
      `begin_payment(payment_id, 'debit', is_quoted, {1})`,
    );
    this.begin = statements.prepare(`
      UPDATE outgoing_payments
      SET status = '${OutgoingPaymentStatus.Paying}', expires_at = $2, check_at = $3, sending_until = $3, amount = $4,
        condition_hash = $5
      WHERE payment_id = $1 AND status = '${OutgoingPaymentStatus.SettingUp}' RETURNING true`);
    this.resend = statements.prepare(`
      UPDATE outgoing_payments SET expires_at = $2, check_at = $3, sending_until = $3
      WHERE payment_id = $1 AND status = '${OutgoingPaymentStatus.Paying}' AND invoice_url IS NULL
        AND (sending_until IS NULL OR sending_until <= clock_timestamp())
      RETURNING true`);
    // Parts can move the notification: the payment was stored with its claim, so that this statement sees the claim.
    this.end = statements.prepare(`
      WITH moved AS (
        UPDATE outgoing_payments SET status = $2, fulfillment = $3, rejection_message = $4
        WHERE payment_id = $1 AND status = ANY ($5)
        RETURNING *
      ),
      paid AS (${executeNotificationSql(notificationIf(`status = '${OutgoingPaymentStatus.Executed}'`))}),
      payable_again AS (${releaseNotificationSql(notificationIf(`status <> '${OutgoingPaymentStatus.Executed}'`))})
      SELECT end_payment(payment_id, 'debit', is_quoted, $6, $7) FROM moved`);
    const execute = statements.prepare<{ paymentId: string }>(`
      WITH given AS MATERIALIZED (
        SELECT * FROM json_to_recordset($1) AS given (payment_id uuid, fulfillment text)
      ),
      taken AS MATERIALIZED (
        SELECT payment_id, given.fulfillment FROM outgoing_payments JOIN given USING (payment_id)
        WHERE status = ANY ($2) AND notification_id IS NULL
        ORDER BY payer_identifier, payment_id FOR NO KEY UPDATE OF outgoing_payments
      ),
      moved AS (
        UPDATE outgoing_payments SET status = '${OutgoingPaymentStatus.Executed}', fulfillment = taken.fulfillment
        FROM taken WHERE outgoing_payments.payment_id = taken.payment_id
        RETURNING outgoing_payments.*
      )
      SELECT payment_id AS "paymentId", end_payment(payment_id, 'debit', is_quoted, 'executed', NULL)
      FROM (SELECT * FROM moved ORDER BY payer_identifier, payment_id) AS moved`);
    this.executions = new SharedWrites<ExecutedPayment>({
      together: async (payments) => {
        const given = payments.map(({ payment: { paymentId }, fulfillment }) => ({
          payment_id: paymentId,
          fulfillment,
        }));
        const rows = await execute(
          JSON.stringify(given),
          outgoingPaymentStatusesBefore(OutgoingPaymentStatus.Executed),
        );
        const executed = new Set(rows.map(({ paymentId }) => paymentId));
        // Of two at once, one has moved it.
        return payments.map(({ payment: { paymentId } }) => executed.delete(paymentId));
      },
    });
  }

  async findPayment(paymentId: string): Promise<OutgoingPayment | null> {
    if (this.executing.has(paymentId)) await this.settle();
    const [payment] = await this.select(paymentId);
    return payment ?? null;
  }

  /** A payment that is open or executed. */
  async findUnfailed(paymentId: string): Promise<OutgoingPayment | null> {
    const payment = await this.findPayment(paymentId);
    return payment && (isOpen(payment) || payment.status === OutgoingPaymentStatus.Executed) ? payment : null;
  }

  /** The open payment of an invoice by this client, else the one that was executed last. */
  async findOfInvoice(invoiceUrl: string, payerIdentifier: string): Promise<OutgoingPayment | null> {
    const [payment] = await this.selectOfInvoice(invoiceUrl, payerIdentifier);
    return payment ?? null;
  }

  /**
   * Stores a payment and holds its quote, or without a quote counts it towards the limits. False while another payment
   * of the same invoice by the same payer is open, or if the id is taken.
   * @throws ContractError 422 QuoteExpiredError, QuoteUsedError, LimitExceededError; then nothing is stored
   */
  async claimPayment(payment: OutgoingPayment, of: PaidFor): Promise<boolean> {
    const { paymentId, payerIdentifier, amount } = payment;
    const limits = await this.limits.reservationOf({
      ...of,
      paymentId,
      side: QuoteSide.Debit,
      subject: payerIdentifier,
      payerIdentifier,
      amount,
      currency: this.settings.currency,
      expiresAt: null,
    });
    const stored = Object.assign(payment, { payeeIdentifier: of.payeeIdentifier });
    return isMoved(this.claim(stored, limits.request), limits);
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
    return hasRow(this.begin(paymentId, expiresAt, checkAt, amount, conditionHash));
  }

  /** → final. The notification becomes paid with it, or pending again. */
  async endPayment(
    { paymentId, amount, createdAt: since }: OutgoingPayment,
    { status, fulfillment = null, rejectionMessage = null }: PaymentEnd,
  ): Promise<boolean> {
    const reason = rejectionMessage && JSON.stringify(rejectionMessage);
    const from = outgoingPaymentStatusesBefore(status);
    const { statusOfRejected } = this.limits;
    const hasEnded = await hasRow(
      this.end(paymentId, status, fulfillment, reason, from, ENDINGS[status], statusOfRejected),
    );
    if (hasEnded) this.log.ended({ paymentId, side: 'debit', amount, since }, status, rejectionMessage);
    return hasEnded;
  }

  /**
   * Paying → executed, of a payment of a quote without an invoice, in one commit with others, up to a quarter of a second
   * later. If it is not written its keeper finds the same end at the ledger.
   */
  async executeWithOthers(payment: OutgoingPayment, fulfillment: string | null): Promise<boolean> {
    const { paymentId, amount, createdAt: since } = payment;
    const until = new Date();
    this.executing.add(paymentId);
    try {
      const isExecuted = await this.executions.write({ payment, fulfillment });
      if (isExecuted)
        this.log.ended({ paymentId, side: 'debit', amount, since, until }, OutgoingPaymentStatus.Executed);
      return isExecuted;
    } finally {
      this.executing.delete(paymentId);
    }
  }

  /** Writes at once what {@link executeWithOthers} was given, so that it is seen by what is read next. */
  settle(): Promise<void> {
    return this.executions.settle();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.settle();
  }

  /** Sends a payment of a quote again, whose request got no answer. False while another request sends it. */
  resendPayment({ paymentId, expiresAt, checkAt }: OutgoingPayment): Promise<boolean> {
    return hasRow(this.resend(paymentId, expiresAt, checkAt));
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

  /** No request sends the payment any more: its keeper checks it now. */
  async leavePayment(paymentId: string): Promise<void> {
    const now = new Date();
    // By neither clock later than now, so that a repeated request may send it at once.
    const sendingUntil = () => `least('${now.toISOString()}'::timestamptz, clock_timestamp())`;
    await this.dataSource.manager.update(OutgoingPayment, { paymentId }, { checkAt: now, sendingUntil });
  }

  /** Makes open payments due: at the start of the role no request waits for them. */
  async checkAllNow(now: Date): Promise<void> {
    // Those that are locked are being ended.
    await this.dataSource.query(
      `UPDATE outgoing_payments SET check_at = $1 WHERE payment_id = ANY (ARRAY(
         SELECT payment_id FROM outgoing_payments WHERE status = $2 AND check_at > $1 FOR NO KEY UPDATE SKIP LOCKED
       ))`,
      [now, OutgoingPaymentStatus.Paying],
    );
  }
}

/** The notification of a payment that a statement has moved, on a condition. */
function notificationIf(condition: string): NotificationPaymentSql {
  return { notificationId: `(SELECT notification_id FROM moved WHERE ${condition})`, paymentId: '$1' };
}

async function hasRow(rows: Promise<unknown[]>): Promise<boolean> {
  return (await rows).length === 1;
}

/** One that has expired or failed counts as never prepared, and its id is used up: its quote is over. */
const ENDINGS: Readonly<Record<FinalStatus, Ending>> = {
  [OutgoingPaymentStatus.Executed]: 'executed',
  [OutgoingPaymentStatus.Rejected]: 'rejected',
  [OutgoingPaymentStatus.Expired]: 'void',
  [OutgoingPaymentStatus.Failed]: 'void',
};
