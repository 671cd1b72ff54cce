import { Injectable } from '@nestjs/common';
import { InvoiceRepository, InvoiceStatus, InvoiceType } from '@level-one/invoice';
import { QuoteSide, type TransferType } from '@level-one/quote';
import { UNPROVEN_POOL } from '@level-one/tariff';
import { takeDue } from '@level-one/work';
import { DataSource, type EntityManager } from 'typeorm';
import { takeTurn, tooManyOpen } from '../../requests/open-allowances.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { QuoteHolds } from '../../quotes/quote-holds.js';
import { InvoiceHolds } from './invoice-holds.js';
import { ReceiverPayment, ReceiverPaymentStatus, receiverPaymentStatusesBefore } from './receiver-payment.entity.js';

/** How a payment ended without any money. */
export type FailedStatus = ReceiverPaymentStatus.Rejected | ReceiverPaymentStatus.Expired;

/** Undoes the transaction that would have stored or prepared the payment. */
class ClaimRefused extends Error {}

/**
 * Payments to this DFSP's customers, together with the invoices they are for: both change in one transaction. Every
 * move is a conditional update, so that of two at once one wins; it answers whether it was this one. Rows are locked in
 * one order: the payment, its invoice, its quote, its limits.
 */
@Injectable()
export class ReceiverPaymentsRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly invoices: InvoiceRepository,
    private readonly invoiceHolds: InvoiceHolds,
    private readonly holds: QuoteHolds,
    private readonly settings: DfspApiSettings,
  ) {}

  findPayment(paymentId: string): Promise<ReceiverPayment | null> {
    return this.dataSource.manager.findOneBy(ReceiverPayment, { paymentId });
  }

  /**
   * Stores a new payment and, where it claims an invoice, keeps that from other payments of the same DFSP. Other DFSPs may
   * set one up beside it: the first whose money waits has the invoice.
   * `known`: the paymentId is taken. `refused`: the invoice cannot be claimed; nothing is stored.
   * @throws ContractError 422 LimitExceededError for one without a quote; 429 TooManyRequestsError; then nothing is stored
   * either
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
   * Proposed → prepared, while there is time and no other payment's money waits for the invoice, which is its own from
   * here on. So is its quote, and its part of the limits counts against everybody.
   * @throws ContractError 404 QuoteNotFoundError; 422 QuoteExpiredError, QuoteUsedError, LimitExceededError; then nothing
   * has changed
   */
  async preparePayment(payment: ReceiverPayment, now: Date): Promise<boolean> {
    try {
      return await this.dataSource.transaction((manager) => this.prepareWithin(payment, now, manager));
    } catch (error) {
      if (error instanceof ClaimRefused) return false;
      throw error;
    }
  }

  /** → executed, and so is the invoice. `invoice` tells whether that could be: false is a payment too many. */
  async executePayment(payment: ReceiverPayment): Promise<{ moved: boolean; invoice: boolean }> {
    const { paymentId, invoiceId, senderIdentifier: payerIdentifier } = payment;
    return this.dataSource.transaction(async (manager) => {
      const { moved } = await this.movePayment(paymentId, ReceiverPaymentStatus.Executed, manager);
      if (!moved) return { moved, invoice: false };
      const invoice =
        invoiceId !== null && (await this.invoices.execute(invoiceId, { paymentId, payerIdentifier }, manager));
      await this.holds.endPayment(QuoteSide.Credit, payment, 'executed', manager);
      return { moved, invoice };
    });
  }

  /** → rejected or expired, and the invoice may be paid again. Only when its transfer cannot execute any more. */
  async failPayment(payment: ReceiverPayment, status: FailedStatus): Promise<boolean> {
    const { paymentId, invoiceId } = payment;
    return this.dataSource.transaction(async (manager) => {
      const { moved, wasPrepared } = await this.movePayment(paymentId, status, manager);
      if (!moved) return false;
      if (invoiceId !== null) await this.invoices.release(invoiceId, paymentId, manager);
      const isRejection = wasPrepared && status === ReceiverPaymentStatus.Rejected;
      await this.holds.endPayment(QuoteSide.Credit, payment, isRejection ? 'rejected' : 'lapsed', manager);
      return true;
    });
  }

  /** Proposed → expired: its time is over and no transfer was seen (ruling 6). */
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
      if (invoiceId !== null) await this.invoices.release(invoiceId, paymentId, manager);
      await this.holds.endPayment(QuoteSide.Credit, payment, 'lapsed', manager);
      return true;
    });
  }

  /** Takes up to `limit` open payments whose time to be looked at has come; nobody else takes them until `until`. */
  takeDue(now: Date, until: Date, limit: number): Promise<ReceiverPayment[]> {
    return takeDue(this.dataSource.manager, ReceiverPayment, {
      where: 'status IN (:...open) AND check_at <= :now',
      parameters: { open: [ReceiverPaymentStatus.Proposed, ReceiverPaymentStatus.Prepared], now },
      since: 'checkAt',
      limit,
      lease: { checkAt: until },
    });
  }

  /** Sets when an open payment is looked at next. */
  async checkAgain(paymentId: string, checkAt: Date): Promise<void> {
    await this.dataSource.manager.update(ReceiverPayment, { paymentId }, { checkAt });
  }

  private async addWithin(
    payment: ReceiverPayment,
    { claims, transferType }: { claims: boolean; transferType: TransferType },
    manager: EntityManager,
  ): Promise<'added' | 'known'> {
    const inserted = await manager
      .createQueryBuilder()
      .insert()
      .into(ReceiverPayment)
      .values(payment)
      .orIgnore()
      .returning('payment_id')
      .execute();
    if ((inserted.raw as unknown[]).length === 0) return 'known';
    if (claims && !(await this.claimInvoice(payment, manager))) throw new ClaimRefused();
    if (!payment.isQuoted) await this.countTowardsLimits(payment, transferType, manager);
    await this.assertFewOpen(payment, manager);
    return 'added';
  }

  private async claimInvoice(payment: ReceiverPayment, manager: EntityManager): Promise<boolean> {
    const { invoiceId, paymentId, senderIdentifier: payerIdentifier } = payment;
    if (invoiceId === null) return true;
    const isClaimed = await this.invoices.claim(invoiceId, { paymentId, payerIdentifier, now: new Date() }, manager);
    return isClaimed || this.isFreeFor(payment, invoiceId, manager);
  }

  private async prepareWithin(payment: ReceiverPayment, now: Date, manager: EntityManager): Promise<boolean> {
    const { paymentId, isQuoted, senderIdentifier, identifier } = payment;
    const result = await manager
      .createQueryBuilder()
      .update(ReceiverPayment)
      .set({ status: ReceiverPaymentStatus.Prepared, transferId: paymentId })
      .where('payment_id = :paymentId AND status IN (:...from) AND expires_at > :now', {
        paymentId,
        from: receiverPaymentStatusesBefore(ReceiverPaymentStatus.Prepared),
        now,
      })
      .execute();
    if (result.affected !== 1) return false;
    if (!(await this.takeInvoice(payment, now, manager))) throw new ClaimRefused();
    const parties = { payerIdentifier: senderIdentifier, payeeIdentifier: identifier };
    if (isQuoted) await this.holds.holdQuote(QuoteSide.Credit, paymentId, manager, parties);
    else await this.holds.keepReservation(QuoteSide.Credit, paymentId, manager, parties);
    return true;
  }

  /** Whether an invoice that others set payments up of may be set up by this DFSP too. */
  private async isFreeFor(
    { paymentId, fromDfsp }: ReceiverPayment,
    invoiceId: string,
    manager: EntityManager,
  ): Promise<boolean> {
    const invoice = await this.invoices.lock(invoiceId, manager);
    if (invoice?.status !== InvoiceStatus.Approved) return false;
    const rows: unknown[] = await manager.query(
      `SELECT FROM receiver_payments
       WHERE invoice_id = $1 AND payment_id <> $2
         AND (status = 'prepared' OR (status = 'proposed' AND from_dfsp IS NOT DISTINCT FROM $3)) LIMIT 1`,
      [invoiceId, paymentId, fromDfsp],
    );
    return rows.length === 0;
  }

  /** The invoice of a payment whose money waits is taken from those whose money does not; false when it cannot be. */
  private async takeInvoice(
    { paymentId, invoiceId, senderIdentifier: payerIdentifier }: ReceiverPayment,
    now: Date,
    manager: EntityManager,
  ): Promise<boolean> {
    if (invoiceId === null) return true;
    const invoice = await this.invoices.lock(invoiceId, manager);
    if (!invoice || invoice.type === InvoiceType.Product) return invoice !== null;
    if (invoice.status === InvoiceStatus.Approved && invoice.paymentId === paymentId) return true;
    if (!(await this.invoiceHolds.freeInvoice(invoice, manager))) return false;
    return this.invoices.claim(invoiceId, { paymentId, payerIdentifier, now }, manager);
  }

  /** How much of what is set up and has no money yet one DFSP may have, in all and for one customer. */
  private async assertFewOpen({ fromDfsp, identifier }: ReceiverPayment, manager: EntityManager): Promise<void> {
    const { setupsPerDfsp, setupsPerCustomer, unprovenSetups, unprovenSetupsPerCustomer } = this.settings;
    const [perDfsp, perCustomer] =
      fromDfsp === null ? [unprovenSetups, unprovenSetupsPerCustomer] : [setupsPerDfsp, setupsPerCustomer];
    await takeTurn('setups', fromDfsp, manager);
    const [open]: { all: string; of_customer: string }[] = await manager.query(
      `SELECT count(*) AS "all", count(*) FILTER (WHERE identifier = $2) AS of_customer
       FROM receiver_payments WHERE status = 'proposed' AND from_dfsp IS NOT DISTINCT FROM $1`,
      [fromDfsp, identifier],
    );
    if (Number(open!.all) > perDfsp || Number(open!.of_customer) > perCustomer) {
      throw tooManyOpen('Too many payments of this DFSP were set up and have not come');
    }
  }

  /** A quote was counted when it was given; what comes without one is counted now. */
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
    const result = await manager
      .createQueryBuilder()
      .update(ReceiverPayment)
      .set({ status: to })
      .where('payment_id = :paymentId AND status IN (:...from)', {
        paymentId,
        from: receiverPaymentStatusesBefore(to),
      })
      .returning('transfer_id')
      .execute();
    const [row] = result.raw as { transfer_id: string | null }[];
    return { moved: row !== undefined, wasPrepared: row !== undefined && row.transfer_id !== null };
  }
}
