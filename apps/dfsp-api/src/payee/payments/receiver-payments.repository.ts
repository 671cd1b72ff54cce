import { Injectable } from '@nestjs/common';
import { executeInvoiceSql } from '@level-one/invoice';
import { QuoteSide, type TransferType } from '@level-one/quote';
import { type LimitReservationCall, Limits, UNPROVEN_POOL } from '@level-one/tariff';
import { type HotQuery, HotStatements, inOrder, SharedWrites, takeDue } from '@level-one/work';
import { DataSource } from 'typeorm';
import { PaymentLog } from '../../ledger/payment-log.js';
import { tooManyOpenIn } from '../../requests/open-allowances.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { isMoved } from '../../quotes/payment-moves.js';
import { ReceiverPayment, ReceiverPaymentStatus, receiverPaymentStatusesBefore } from './receiver-payment.entity.js';

/** Final statuses without money. */
export type FailedStatus = ReceiverPaymentStatus.Rejected | ReceiverPaymentStatus.Expired;

const { Proposed, Prepared, Executed, Rejected } = ReceiverPaymentStatus;

/** A transfer is prepared: it takes the invoice, holds the quote, and counts towards the limits for every payer. */
const PREPARE = (limits: string): string[] => [
  'take_invoice(invoice_id, payment_id, sender_identifier)',
  `begin_payment(payment_id, 'credit', is_quoted, ${limits})`,
];

/** A payment has failed. One that was rejected before its transfer was seen can never be prepared. */
const FAIL = (statusOfRejected: string): string[] => [
  'release_invoice(invoice_id, payment_id) IS NOT NULL',
  `end_payment(payment_id, 'credit', is_quoted,
    CASE WHEN status = '${Rejected}' AND transfer_id IS NOT NULL THEN 'rejected' ELSE 'void' END, ${statusOfRejected})`,
];

/**
 * Payments to this DFSP's customers. With a payment its invoice, its quote and its limits move in the same statement,
 * and are locked in this order; of several payments first all of them, then their invoices. Every move is conditional,
 * so that of two at once one wins; it answers whether this one did.
 */
@Injectable()
export class ReceiverPaymentsRepository {
  private readonly select: HotQuery<ReceiverPayment>;
  private readonly propose: (payment: ReceiverPayment, ...further: unknown[]) => Promise<boolean>;
  private readonly insertPrepared: (payment: ReceiverPayment, limits: string | null) => Promise<boolean>;
  private readonly prepare: HotQuery<object>;
  private readonly execute: (payments: readonly ReceiverPayment[]) => Promise<Execution[]>;
  private readonly executions: SharedWrites<ReceiverPayment, Execution>;
  private readonly fail: HotQuery<object>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly limits: Limits,
    private readonly settings: DfspApiSettings,
    private readonly log: PaymentLog,
    statements: HotStatements,
  ) {
    const table = statements.tableOf(ReceiverPayment);
    this.select = table.select('WHERE payment_id = $1');
    this.propose = table.insertNewWith(
      'claim_invoice(invoice_id, payment_id, sender_identifier, from_dfsp)',
      'reserve_limits({1})',
      'assert_few_setups(from_dfsp, identifier, {2}, {3})',
    );
    this.insertPrepared = table.insertNewWith(...PREPARE('{1}'));
    this.prepare = statements.prepare(`
      WITH moved AS (
        UPDATE receiver_payments SET status = '${Prepared}', transfer_id = payment_id
        WHERE payment_id = $1 AND status = '${Proposed}' AND expires_at > $2
        RETURNING *
      )
      SELECT ${inOrder(PREPARE('$3'))} FROM moved`);
    const paidInvoices = {
      invoiceId: 'moved.invoice_id',
      paymentId: 'moved.payment_id',
      payerIdentifier: 'moved.sender_identifier',
      from: 'moved',
    };
    const execute = statements.prepare<{ paymentId: string; isInvoicePaid: boolean }>(`
      WITH taken AS MATERIALIZED (
        SELECT payment_id FROM receiver_payments WHERE payment_id = ANY ($1::uuid[]) AND status = ANY ($2)
        ORDER BY identifier, payment_id FOR NO KEY UPDATE
      ),
      moved AS (
        UPDATE receiver_payments SET status = '${Executed}' FROM taken
        WHERE receiver_payments.payment_id = taken.payment_id
        RETURNING receiver_payments.*
      ),
      paid AS (${executeInvoiceSql(paidInvoices)} RETURNING invoices.payment_id)
      SELECT payment_id AS "paymentId", payment_id IN (SELECT payment_id FROM paid) AS "isInvoicePaid",
        end_payment(payment_id, 'credit', is_quoted, 'executed', NULL)
      FROM (SELECT * FROM moved ORDER BY identifier, payment_id) AS moved`);
    this.execute = async (payments) => {
      const ids = payments.map(({ paymentId }) => paymentId);
      const rows = await execute(ids, receiverPaymentStatusesBefore(Executed));
      const executed = new Map(rows.map(({ paymentId, isInvoicePaid }) => [paymentId, isInvoicePaid]));
      return payments.map((payment) => {
        const execution = { moved: executed.has(payment.paymentId), invoice: executed.get(payment.paymentId) === true };
        // Of two at once, one has moved it.
        executed.delete(payment.paymentId);
        return this.logged(payment, execution);
      });
    };
    this.executions = new SharedWrites<ReceiverPayment, Execution>({ together: this.execute });
    this.fail = statements.prepare(`
      WITH moved AS (
        UPDATE receiver_payments SET status = $2, rejection_message = $5
        WHERE payment_id = $1 AND status = ANY ($3)
        RETURNING *
      )
      SELECT ${inOrder(FAIL('$4'))} FROM moved`);
  }

  async findPayment(paymentId: string): Promise<ReceiverPayment | null> {
    const [payment] = await this.select(paymentId);
    return payment ?? null;
  }

  /**
   * Stores a new payment and reserves its invoice against other payments of the same DFSP. Other DFSPs may set up
   * payments of it too: the first prepared payment gets the invoice. `known`: the paymentId is taken. `refused`: the
   * invoice cannot be claimed; nothing is stored. A quoted payment may be stored as prepared: its transfer is here.
   * @throws ContractError 422 LimitExceededError for a payment without a quote; 429 TooManyRequestsError; for a prepared
   * one as {@link preparePayment}; then nothing is stored
   */
  async addPayment(payment: ReceiverPayment, transferType: TransferType): Promise<'added' | 'known' | 'refused'> {
    if (payment.status === Prepared) {
      const limits = await this.keepingOf(payment, transferType);
      return this.outcomeOf(payment, isMoved(this.insertPrepared(payment, limits.request), limits));
    }
    const limits = await this.countingOf(payment, transferType);
    try {
      return await this.outcomeOf(
        payment,
        isMoved(this.propose(payment, limits.request, ...this.mostOpenOf(payment)), limits),
      );
    } catch (error) {
      const message = 'Too many payments of your DFSP are set up here and have not arrived';
      throw tooManyOpenIn(error, message) ?? error;
    }
  }

  /**
   * Proposed → prepared, before the expiry and if no other payment of the invoice is prepared. From then on the invoice
   * and the quote are held for this payment, and its amount counts towards the limits for every payer.
   *
   * @param transferType of the payment's quote; null: of its reservation
   * @throws ContractError 404 QuoteNotFoundError; 422 QuoteExpiredError, QuoteUsedError, LimitExceededError; then
   * nothing is changed
   */
  async preparePayment(payment: ReceiverPayment, transferType: TransferType | null, now: Date): Promise<boolean> {
    const limits = await this.keepingOf(payment, transferType);
    return isMoved(hasRow(this.prepare(payment.paymentId, now, limits.request)), limits);
  }

  /** → executed, and the invoice → paid. */
  async executePayment(payment: ReceiverPayment): Promise<Execution> {
    const [execution] = await this.execute([payment]);
    return execution!;
  }

  /** As {@link executePayment}, in one commit with others, up to a quarter of a second later: the payer does not wait. */
  executeWithOthers(payment: ReceiverPayment): Promise<Execution> {
    return this.executions.write(payment);
  }

  /**
   * → rejected or expired, and the invoice is payable again. Only if its transfer cannot execute any more.
   * @param reason of the rejection, as the ledger or the refused step gave it
   */
  async failPayment(
    { paymentId, amount }: ReceiverPayment,
    status: FailedStatus,
    reason?: Record<string, unknown>,
  ): Promise<boolean> {
    const from = receiverPaymentStatusesBefore(status);
    const { statusOfRejected } = this.limits;
    const hasFailed = await hasRow(this.fail(paymentId, status, from, statusOfRejected, boundedReason(reason)));
    if (hasFailed) this.log.ended({ paymentId, side: 'credit', amount }, status, reason ?? null);
    return hasFailed;
  }

  /** Takes up to `limit` open payments that are due; no other instance takes them until `until`. */
  takeDue(now: Date, until: Date, limit: number): Promise<ReceiverPayment[]> {
    return takeDue(this.dataSource.manager, ReceiverPayment, {
      where: 'status IN (:...open) AND check_at <= :now',
      parameters: { open: [ReceiverPaymentStatus.Proposed, ReceiverPaymentStatus.Prepared], now },
      since: 'checkAt',
      limit,
      lease: { checkAt: until },
    });
  }

  /** Sets when an open payment is checked next. */
  async checkAgain(paymentId: string, checkAt: Date): Promise<void> {
    await this.dataSource.manager.update(ReceiverPayment, { paymentId }, { checkAt });
  }

  private logged({ paymentId, amount }: ReceiverPayment, execution: Execution): Execution {
    if (execution.moved) this.log.ended({ paymentId, side: 'credit', amount }, Executed);
    return execution;
  }

  /** An insert that did nothing and was not refused has found the payment. */
  private async outcomeOf(
    { paymentId }: ReceiverPayment,
    isAdded: Promise<boolean>,
  ): Promise<'added' | 'known' | 'refused'> {
    if (await isAdded) return 'added';
    return (await this.findPayment(paymentId)) ? 'known' : 'refused';
  }

  /** Counts a payment without a quote towards the limits; a quote was counted when it was given. */
  private countingOf(payment: ReceiverPayment, transferType: TransferType): Promise<LimitReservationCall> {
    const { paymentId, isQuoted, identifier, senderIdentifier, amount, fromDfsp } = payment;
    if (isQuoted) return Promise.resolve(NOT_COUNTED);
    return this.limits.reservationOf({
      paymentId,
      side: QuoteSide.Credit,
      subject: identifier,
      transferType,
      amount,
      currency: this.settings.currency,
      payerIdentifier: senderIdentifier,
      payeeIdentifier: identifier,
      expiresAt: null,
      pool: fromDfsp ?? UNPROVEN_POOL,
    });
  }

  /** Keeps the reservation of a payment, which must fit into the limits of its type. */
  private async keepingOf(
    { paymentId, senderIdentifier: payerIdentifier, identifier: payeeIdentifier }: ReceiverPayment,
    transferType: TransferType | null,
  ): Promise<LimitReservationCall> {
    const side = QuoteSide.Credit;
    const { currency } = this.settings;
    const reserved = transferType ? { transferType, currency } : await this.limits.findReserved(paymentId, side);
    return reserved ? this.limits.keepingOf({ ...reserved, side, payerIdentifier, payeeIdentifier }) : NOT_COUNTED;
  }

  /** Maximum of payments that one DFSP has set up and not sent yet, in all and for one customer. */
  private mostOpenOf({ fromDfsp }: ReceiverPayment): [all: number, ofCustomer: number] {
    const { setupsPerDfsp, setupsPerCustomer, unprovenSetups, unprovenSetupsPerCustomer } = this.settings;
    return fromDfsp === null ? [unprovenSetups, unprovenSetupsPerCustomer] : [setupsPerDfsp, setupsPerCustomer];
  }
}

/** What has changed with the execution of a payment. */
export interface Execution {
  moved: boolean;
  /** False if the invoice was not open: then it was paid twice. */
  invoice: boolean;
}

const REASON_LENGTH_MAX = 8_192;

/** JSON of a reason; null without one, or if it is too long to be kept. */
function boundedReason(reason: object | undefined): string | null {
  const json = reason === undefined ? null : JSON.stringify(reason);
  return json !== null && json.length <= REASON_LENGTH_MAX ? json : null;
}

const NOT_COUNTED: LimitReservationCall = { request: null, explain: (error) => error };

async function hasRow(rows: Promise<unknown[]>): Promise<boolean> {
  return (await rows).length === 1;
}
