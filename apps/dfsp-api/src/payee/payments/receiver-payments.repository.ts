import { Injectable } from '@nestjs/common';
import { InvoiceRepository, InvoiceStatus, InvoiceType } from '@level-one/invoice';
import { QuoteSide, type TransferType } from '@level-one/quote';
import { UNPROVEN_POOL } from '@level-one/tariff';
import { type HotQuery, HotStatements, takeDue } from '@level-one/work';
import { DataSource, type EntityManager } from 'typeorm';
import { takeTurn, tooManyOpen } from '../../requests/open-allowances.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { QuoteHolds } from '../../quotes/quote-holds.js';
import { InvoiceHolds } from './invoice-holds.js';
import { ReceiverPayment, ReceiverPaymentStatus, receiverPaymentStatusesBefore } from './receiver-payment.entity.js';

/** Final statuses without money. */
export type FailedStatus = ReceiverPaymentStatus.Rejected | ReceiverPaymentStatus.Expired;

/** Rolls back the transaction that stores or prepares the payment. */
class ClaimRefused extends Error {}

/**
 * Payments to this DFSP's customers and the invoices they pay: both change in one transaction. Every move is a
 * conditional update, so that of two at once one wins; it answers whether this one did. Rows are locked in one order:
 * the payment, its invoice, its quote, its limits.
 */
@Injectable()
export class ReceiverPaymentsRepository {
  private readonly select: HotQuery<ReceiverPayment>;
  private readonly insert: (payment: ReceiverPayment, within: EntityManager) => Promise<boolean>;
  private readonly prepare: HotQuery<object>;
  private readonly move: HotQuery<{ wasPrepared: boolean }>;
  private readonly countOpen: HotQuery<{ all: number; ofCustomer: number }>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly invoices: InvoiceRepository,
    private readonly invoiceHolds: InvoiceHolds,
    private readonly holds: QuoteHolds,
    private readonly settings: DfspApiSettings,
    statements: HotStatements,
  ) {
    const { Proposed, Prepared } = ReceiverPaymentStatus;
    const payments = statements.tableOf(ReceiverPayment);
    this.select = payments.select('WHERE payment_id = $1');
    this.insert = payments.insertNew();
    this.prepare = statements.prepare(`
      UPDATE receiver_payments SET status = '${Prepared}', transfer_id = payment_id
      WHERE payment_id = $1 AND status = '${Proposed}' AND expires_at > $2 RETURNING true`);
    this.move = statements.prepare(`
      UPDATE receiver_payments SET status = $2
      WHERE payment_id = $1 AND status = ANY ($3) RETURNING transfer_id IS NOT NULL AS "wasPrepared"`);
    this.countOpen = statements.prepare(`
      SELECT count(*)::int AS "all", count(*) FILTER (WHERE identifier = $2)::int AS "ofCustomer"
      FROM receiver_payments WHERE status = '${Proposed}' AND from_dfsp IS NOT DISTINCT FROM $1`);
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
  async addPayment(
    payment: ReceiverPayment,
    { claims, transferType }: { claims: boolean; transferType: TransferType },
  ): Promise<'added' | 'known' | 'refused'> {
    try {
      return await this.dataSource.transaction((manager) => this.addWithin(payment, { claims, transferType }, manager));
    } catch (error) {
      if (error instanceof ClaimRefused) return 'refused';
      throw error;
    }
  }

  /**
   * Proposed → prepared, before the expiry and if no other payment of the invoice is prepared. From then on the invoice
   * and the quote are held for this payment, and its amount counts towards the limits for every payer.
   * @throws ContractError 404 QuoteNotFoundError; 422 QuoteExpiredError, QuoteUsedError, LimitExceededError; then
   * nothing is changed
   */
  async preparePayment(payment: ReceiverPayment, now: Date): Promise<boolean> {
    try {
      return await this.dataSource.transaction((manager) => this.prepareWithin(payment, now, manager));
    } catch (error) {
      if (error instanceof ClaimRefused) return false;
      throw error;
    }
  }

  /** → executed, and the invoice → paid. `invoice` is false if the invoice was not open: then it was paid twice. */
  async executePayment(payment: ReceiverPayment): Promise<{ moved: boolean; invoice: boolean }> {
    const { paymentId, invoiceId, senderIdentifier: payerIdentifier } = payment;
    return this.dataSource.transaction(async (manager) => {
      const { moved } = await this.movePayment(paymentId, ReceiverPaymentStatus.Executed, manager);
      if (!moved) return { moved, invoice: false };
      const invoice =
        invoiceId !== null && (await this.invoices.executeInvoice(invoiceId, { paymentId, payerIdentifier }, manager));
      await this.holds.endPayment(QuoteSide.Credit, payment, 'executed', manager);
      return { moved, invoice };
    });
  }

  /** → rejected or expired, and the invoice is payable again. Only if its transfer cannot execute any more. */
  async failPayment(payment: ReceiverPayment, status: FailedStatus): Promise<boolean> {
    const { paymentId, invoiceId } = payment;
    return this.dataSource.transaction(async (manager) => {
      const { moved, wasPrepared } = await this.movePayment(paymentId, status, manager);
      if (!moved) return false;
      if (invoiceId !== null) await this.invoices.releaseInvoice(invoiceId, paymentId, manager);
      const isRejection = wasPrepared && status === ReceiverPaymentStatus.Rejected;
      await this.holds.endPayment(QuoteSide.Credit, payment, isRejection ? 'rejected' : 'lapsed', manager);
      return true;
    });
  }

  /** Proposed → expired: its expiry passed without a transfer (ruling 6). */
  async abandonPayment(payment: ReceiverPayment, now: Date): Promise<boolean> {
    const { paymentId, invoiceId } = payment;
    return this.dataSource.transaction(async (manager) => {
      const result = await manager
        .createQueryBuilder()
        .update(ReceiverPayment)
        .set({ status: ReceiverPaymentStatus.Expired })
        .where('payment_id = :paymentId AND status = :proposed AND expires_at <= :now', {
          paymentId,
          proposed: ReceiverPaymentStatus.Proposed,
          now,
        })
        .execute();
      if (result.affected !== 1) return false;
      if (invoiceId !== null) await this.invoices.releaseInvoice(invoiceId, paymentId, manager);
      await this.holds.endPayment(QuoteSide.Credit, payment, 'lapsed', manager);
      return true;
    });
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

  private async addWithin(
    payment: ReceiverPayment,
    { claims, transferType }: { claims: boolean; transferType: TransferType },
    manager: EntityManager,
  ): Promise<'added' | 'known'> {
    if (!(await this.insert(payment, manager))) return 'known';
    if (payment.status === ReceiverPaymentStatus.Prepared) {
      await this.holdPrepared(payment, new Date(), manager);
      return 'added';
    }
    if (claims && !(await this.claimInvoice(payment, manager))) throw new ClaimRefused();
    if (!payment.isQuoted) await this.countTowardsLimits(payment, transferType, manager);
    await this.assertFewOpen(payment, manager);
    return 'added';
  }

  private async claimInvoice(payment: ReceiverPayment, manager: EntityManager): Promise<boolean> {
    const { invoiceId, paymentId, senderIdentifier: payerIdentifier } = payment;
    if (invoiceId === null) return true;
    const isClaimed = await this.invoices.claimInvoice(
      invoiceId,
      { paymentId, payerIdentifier, now: new Date() },
      manager,
    );
    return isClaimed || this.isFreeFor(payment, invoiceId, manager);
  }

  private async prepareWithin(payment: ReceiverPayment, now: Date, manager: EntityManager): Promise<boolean> {
    const [moved] = await this.prepare.within(manager)(payment.paymentId, now);
    if (!moved) return false;
    await this.holdPrepared(payment, now, manager);
    return true;
  }

  /** Holds the invoice and the quote for a prepared payment, and counts it towards the limits for every payer. */
  private async holdPrepared(payment: ReceiverPayment, now: Date, manager: EntityManager): Promise<void> {
    const { paymentId, isQuoted, senderIdentifier, identifier } = payment;
    if (!(await this.takeInvoice(payment, now, manager))) throw new ClaimRefused();
    const parties = { payerIdentifier: senderIdentifier, payeeIdentifier: identifier };
    if (isQuoted) await this.holds.holdQuote(QuoteSide.Credit, paymentId, manager, parties);
    else await this.holds.keepReservation(QuoteSide.Credit, paymentId, manager, parties);
  }

  /** Whether this DFSP may set up a payment of an invoice for which others have set up payments. */
  private async isFreeFor(
    { paymentId, fromDfsp }: ReceiverPayment,
    invoiceId: string,
    manager: EntityManager,
  ): Promise<boolean> {
    const invoice = await this.invoices.lockInvoice(invoiceId, manager);
    if (invoice?.status !== InvoiceStatus.Approved) return false;
    const rows: unknown[] = await manager.query(
      `SELECT FROM receiver_payments
       WHERE invoice_id = $1 AND payment_id <> $2
         AND (status = 'prepared' OR (status = 'proposed' AND from_dfsp IS NOT DISTINCT FROM $3)) LIMIT 1`,
      [invoiceId, paymentId, fromDfsp],
    );
    return rows.length === 0;
  }

  /**
   * Moves the invoice to a payment that is prepared, away from one that is only set up; false if it cannot be moved.
   */
  private async takeInvoice(
    { paymentId, invoiceId, senderIdentifier: payerIdentifier }: ReceiverPayment,
    now: Date,
    manager: EntityManager,
  ): Promise<boolean> {
    if (invoiceId === null) return true;
    const invoice = await this.invoices.lockInvoice(invoiceId, manager);
    if (!invoice || invoice.type === InvoiceType.Product) return invoice !== null;
    if (invoice.status === InvoiceStatus.Approved && invoice.paymentId === paymentId) return true;
    if (!(await this.invoiceHolds.freeInvoice(invoice, manager))) return false;
    return this.invoices.claimInvoice(invoiceId, { paymentId, payerIdentifier, now }, manager);
  }

  /** Limits the payments that one DFSP has set up and not sent yet, in all and for one customer. */
  private async assertFewOpen({ fromDfsp, identifier }: ReceiverPayment, manager: EntityManager): Promise<void> {
    const { setupsPerDfsp, setupsPerCustomer, unprovenSetups, unprovenSetupsPerCustomer } = this.settings;
    const [perDfsp, perCustomer] =
      fromDfsp === null ? [unprovenSetups, unprovenSetupsPerCustomer] : [setupsPerDfsp, setupsPerCustomer];
    await takeTurn('setups', fromDfsp, manager);
    const [open] = await this.countOpen.within(manager)(fromDfsp, identifier);
    if (open!.all > perDfsp || open!.ofCustomer > perCustomer) {
      throw tooManyOpen('Too many payments of your DFSP are set up here and have not arrived');
    }
  }

  /** Counts a payment without a quote towards the limits; a quote was counted when it was given. */
  private async countTowardsLimits(
    payment: ReceiverPayment,
    transferType: TransferType,
    manager: EntityManager,
  ): Promise<void> {
    const { identifier, senderIdentifier, amount } = payment;
    const unquoted = {
      subject: identifier,
      transferType,
      amount,
      currency: this.settings.currency,
      payerIdentifier: senderIdentifier,
      payeeIdentifier: identifier,
      pool: payment.fromDfsp ?? UNPROVEN_POOL,
    };
    await this.holds.beginPayment(QuoteSide.Credit, payment, unquoted, manager);
  }

  private async movePayment(
    paymentId: string,
    to: ReceiverPaymentStatus,
    manager: EntityManager,
  ): Promise<{ moved: boolean; wasPrepared: boolean }> {
    const [moved] = await this.move.within(manager)(paymentId, to, receiverPaymentStatusesBefore(to));
    return { moved: moved !== undefined, wasPrepared: moved?.wasPrepared === true };
  }
}
