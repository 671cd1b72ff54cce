import { Injectable } from '@nestjs/common';
import { isClientError } from '@level-one/errors';
import {
  InvoiceErrorId,
  invoiceError,
  type InvoiceNotification,
  InvoiceNotificationRepository,
  InvoiceNotificationStatus,
  NOTIFICATION_CHANNEL_STATUS,
} from '@level-one/invoice';
import { type SetupResponseDto, SchemeAdapterClient, SpspClientProxyClient } from '@level-one/peers';
import { CommonErrorId, commonError, RoleLogger, withTrace } from '@level-one/platform';
import { type Quote, QuoteErrorId, quoteError, QuoteRepository, type QuoteSides } from '@level-one/quote';
import { PaymentCharges } from '../../charges/payment-charges.js';
import { CustomerErrorId } from '../../customers/customer-errors.js';
import { CustomersService } from '../../customers/customers.service.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { OwnAccounts } from '../../ledger/own-accounts.js';
import { errorOfPayment, PaymentErrorId, paymentError, withPaymentId } from '../../ledger/payment-errors.js';
import { PaymentLog } from '../../ledger/payment-log.js';
import { closeIfOver } from '../invoices/close-if-over.js';
import { InvoiceReader, type PayableInvoice } from '../invoices/invoice-reader.js';
import { EarlierPayments, notPayable } from './earlier-payments.service.js';
import { InvoiceQuotes } from './invoice-quotes.service.js';
import {
  type InvoiceOrder,
  invoicePaymentOf,
  isInTime,
  PAYMENT_TAKES_MS_MAX,
  quotedPaymentOf,
  quotedTransfer,
} from './new-payment.js';
import { isBeingSent, isOpen, OutgoingPayment, OutgoingPaymentStatus } from './outgoing-payment.entity.js';
import { OutgoingPaymentsRepository, type PaymentEnd } from './outgoing-payments.repository.js';
import { orderOfSetup, type PaymentOrder, quotedTransferOf } from './payment-order.js';
import { type PaymentAnswer, OutgoingPaymentOutcomes } from './outgoing-payment-outcomes.js';
import { errorOfRejection, rejectionOf } from './rejection.js';

/** Result of a payment that did not fail. `pending`: its end is not known yet; the keeper follows it. */
export interface PaymentResult {
  status: 'executed' | 'pending';
  fulfillment: string | null;
}

/** Result of the payment of an invoice that did not fail. */
export interface PaidInvoice {
  paymentId: string;
  invoiceId: string;
  status: 'paid' | 'pending';
}

/** A payment of an invoice that was stored now, or that the order repeats. */
type BegunPayment = { payment: OutgoingPayment; invoiceId: string } & (
  { isNew: true; invoice: PayableInvoice } | { isNew: false }
);

/** What is known of an order when it is refused. */
interface Attempt {
  invoice: PayableInvoice | null;
  payment: OutgoingPayment | null;
}

/** Result of the payment of a quote that did not fail. */
export interface PaidQuote extends PaymentResult {
  /** False for a repeated request. */
  isFirst: boolean;
}

const BEING_PAID = 'The invoice is being paid, or was paid a moment ago';

/**
 * Payments of this DFSP's clients, from the first check to the end. A payment is stored before anything is sent, and
 * always brought to an end: here, or by {@link OutgoingPaymentKeeper}. It ended as its transfer at the DFSP's ledger
 * did; while the ledger cannot be read the payment is pending.
 */
@Injectable()
export class OutgoingPaymentsService {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly customers: CustomersService,
    private readonly accounts: OwnAccounts,
    private readonly reader: InvoiceReader,
    private readonly notifications: InvoiceNotificationRepository,
    private readonly invoiceQuotes: InvoiceQuotes,
    private readonly quotes: QuoteRepository,
    private readonly payments: OutgoingPaymentsRepository,
    private readonly charges: PaymentCharges,
    private readonly outcomes: OutgoingPaymentOutcomes,
    private readonly earlier: EarlierPayments,
    private readonly log: PaymentLog,
    private readonly proxy: SpspClientProxyClient,
    private readonly adapter: SchemeAdapterClient,
    private readonly logger: RoleLogger,
  ) {}

  /**
   * Pays an invoice: setup (hop S.A), payment (hop P.A).
   * @throws ContractError 404 InvoiceNotFoundError; 422 InvoiceNotPendingError, QuoteMismatchError, QuoteExpiredError,
   * InsufficientFundsError, ExpiredTransferError, or the reason of the rejection; 502
   */
  async payInvoice(order: InvoiceOrder): Promise<PaidInvoice> {
    const begun = await this.beginOrFind(order);
    const { paymentId } = begun.payment;
    return withPaymentId(paymentId, async () => {
      const { status } = begun.isNew
        ? await withTrace({ traceId: paymentId }, () => this.sendInvoicePayment(begun.payment, begun.invoice))
        : await this.outcomeOf(begun.payment);
      return { paymentId, invoiceId: begun.invoiceId, status: status === 'executed' ? 'paid' : status };
    });
  }

  /** A new payment, stored; or the one that the order repeats. What refuses a new payment does not refuse a repeated order. */
  private async beginOrFind(order: InvoiceOrder): Promise<BegunPayment> {
    const attempt: Attempt = { invoice: null, payment: null };
    try {
      return await this.beginNew(order, attempt);
    } catch (error) {
      const payment = await this.earlier.findRepeated(order, attempt.invoice);
      if (payment) return { isNew: false, payment, invoiceId: order.invoiceUrl.split('/').at(-1)! };
      if (!attempt.payment) throw error;
      const { paymentId, amount } = attempt.payment;
      this.log.refused({ paymentId, side: 'debit', amount }, error);
      throw errorOfPayment(error, paymentId);
    }
  }

  private async beginNew(order: InvoiceOrder, attempt: Attempt): Promise<BegunPayment> {
    assertPayable(order.notification);
    const invoice = (attempt.invoice = await this.reader.readInvoice(order.invoiceUrl, order));
    await this.assertInvoiceUnpaid(order.notification, invoice);
    const quote = await this.invoiceQuotes.quoteToPay({ ...invoice, ...order });
    const payment = (attempt.payment = invoicePaymentOf(order, invoice, quote, this.settings));
    await this.assertAffordable(payment);
    await this.claimInvoice(payment, invoice);
    return { isNew: true, payment, invoice, invoiceId: invoice.view.invoiceId };
  }

  private async sendInvoicePayment(payment: OutgoingPayment, invoice: PayableInvoice): Promise<PaymentResult> {
    try {
      const { setup, order } = await this.orGiveUp(payment, this.setUpPayment(payment, invoice));
      await this.orGiveUp(payment, this.handInCharges(payment));
      await this.beginPayment(payment, order);
      const answer = await this.awaitAnswer(payment, this.proxy.pay(payment.paymentId, setup));
      const end = await this.outcomes.confirmEnd(payment, answer);
      return await this.recordEnd(payment, end);
    } catch (error) {
      throw await this.earlier.explainRefusal(error, payment.invoiceUrl!);
    }
  }

  /**
   * Pays a quote once; a repeated request gets the same answer (row 47).
   * @throws ContractError 404 QuoteNotFoundError, NotFoundError (account); 422 QuoteExpiredError, QuoteUsedError,
   * InsufficientFundsError, ExpiredTransferError, or the reason of the rejection; 502
   */
  async payQuote(id: string): Promise<PaidQuote> {
    const paymentId = id.toLowerCase();
    return withPaymentId(paymentId, async () => {
      const sides = await this.quotes.findSides(paymentId);
      const { debit: quote } = sides;
      if (!quote) throw quoteError(QuoteErrorId.NotFound);
      const payment = (await this.claimQuote(quote)) ?? (await this.restartPayment(quote));
      if (!payment) return { isFirst: false, ...(await this.outcomeOfQuote(paymentId)) };
      const result = await withTrace({ traceId: paymentId }, () => this.sendQuotedPayment(payment, quote, sides));
      return { isFirst: true, ...result };
    });
  }

  private async sendQuotedPayment(payment: OutgoingPayment, quote: Quote, sides: QuoteSides): Promise<PaymentResult> {
    const transfer = quotedTransferOf(quote, payment, this.accounts.uriOf(payment.account), this.settings);
    await this.orGiveUp(payment, this.handInQuotedCharges(payment, sides));
    const answer = await this.awaitAnswer(payment, this.adapter.pay(transfer));
    const end = await this.outcomes.confirmEnd(payment, answer);
    return this.recordEnd(payment, end);
  }

  /** An invoice that cannot be paid any more is refused, and its notification closed. @throws ContractError 422 */
  private async assertInvoiceUnpaid(notification: InvoiceNotification | null, { view }: PayableInvoice): Promise<void> {
    if (notification) await closeIfOver(this.notifications, notification, view.status);
    if (view.status !== 'unpaid') throw notPayable(view.status);
  }

  /** @throws ContractError 422 InsufficientFundsError if the account has less than amount and fee */
  private async assertAffordable({ account, amount, fee }: OutgoingPayment): Promise<void> {
    if ((await this.accounts.availableBalanceOf(account)) < amount + fee)
      throw paymentError(PaymentErrorId.InsufficientFunds);
  }

  /** @throws ContractError 422 InvoiceNotPendingError while another payment of the same invoice is open */
  private async claimInvoice(payment: OutgoingPayment, { transferType, view }: PayableInvoice): Promise<void> {
    if (await this.payments.claimPayment(payment, { transferType, payeeIdentifier: view.merchantIdentifier })) return;
    throw invoiceError(InvoiceErrorId.NotPending, { message: BEING_PAID });
  }

  /** A new payment of a quote; undefined if the quote has one already. @throws ContractError 404, 422 */
  private async claimQuote(quote: Quote): Promise<OutgoingPayment | undefined> {
    // A payment holds it.
    if (quote.heldAt !== null) return undefined;
    try {
      const payment = quotedPaymentOf(quote);
      // The client may have given up the account since the quote.
      const payer = await this.customers.getCustomer(payment.payerIdentifier, CustomerErrorId.ClientNotFound);
      await this.customers.ownAccountOf(payer, payment.account);
      await this.assertAffordable(payment);
      const { transferType, identifier: payeeIdentifier } = quote;
      return (await this.payments.claimPayment(payment, { transferType, payeeIdentifier })) ? payment : undefined;
    } catch (error) {
      // What refuses a new payment does not refuse a repeated request.
      if (await this.payments.findPayment(quote.paymentId)) return undefined;
      const { paymentId, sourceAmount } = quote;
      this.log.refused({ paymentId, side: 'debit', amount: sourceAmount ?? undefined }, error);
      throw error;
    }
  }

  /** Restarts a payment that was not sent because a system was down; undefined for any other payment. */
  private async restartPayment(quote: Quote): Promise<OutgoingPayment | undefined> {
    const known = await this.payments.findPayment(quote.paymentId);
    if (known?.status !== OutgoingPaymentStatus.Failed) return undefined;
    const payment = Object.assign(known, quotedTransfer(quote));
    return (await this.payments.restartPayment(payment)) ? payment : undefined;
  }

  private async handInCharges(payment: OutgoingPayment): Promise<void> {
    const { paymentId, isQuoted } = payment;
    const sides = isQuoted ? await this.quotes.findSides(paymentId) : { debit: null, credit: null };
    await this.charges.handInPayers(payment, sides);
  }

  /** @throws ContractError 502 if it took so long that the payment might be sent too late */
  private async handInQuotedCharges(payment: OutgoingPayment, sides: QuoteSides): Promise<void> {
    await this.charges.handInPayers(payment, sides);
    if (!isInTime(payment)) throw commonError(CommonErrorId.External, { message: 'The ledger took too long' });
  }

  /** Sets the payment up at the payee's side (hop S.A). @throws ContractError what the payee's side refuses; 502 */
  private async setUpPayment(
    payment: OutgoingPayment,
    invoice: PayableInvoice,
  ): Promise<{ setup: SetupResponseDto & { sourceIdentifier: string }; order: PaymentOrder }> {
    const { paymentId, invoiceUrl, account, payerIdentifier: sourceIdentifier } = payment;
    const sourceAccount = this.accounts.uriOf(account);
    const setup = await this.proxy.setup({ receiver: invoiceUrl!, sourceAccount, sourceIdentifier, paymentId });
    const order = orderOfSetup(setup, payment, invoice, this.settings);
    return { setup: Object.assign(setup, { sourceIdentifier }), order };
  }

  /** Ends the payment as failed if a step fails before anything was sent that could move money. */
  private async orGiveUp<T>(payment: OutgoingPayment, step: Promise<T>): Promise<T> {
    try {
      return await step;
    } catch (error) {
      const reason = isClientError(error) ? { rejectionMessage: rejectionOf(error) } : {};
      await this.payments.endPayment(payment, { status: OutgoingPaymentStatus.Failed, ...reason });
      throw error;
    }
  }

  /**
   * From here on the payment may have been sent.
   * @throws ContractError 422 ExpiredTransferError if the setup took too long
   */
  private async beginPayment(payment: OutgoingPayment, order: PaymentOrder): Promise<void> {
    const checkAt = new Date(Date.now() + PAYMENT_TAKES_MS_MAX);
    if (!(await this.payments.beginPayment(payment.paymentId, { ...order, checkAt }))) {
      throw paymentError(PaymentErrorId.Expired);
    }
    Object.assign(payment, order);
  }

  /** The answer to a payment that was sent. If there is none, the SPSP client is asked for its status. */
  private async awaitAnswer(payment: OutgoingPayment, sending: Promise<PaymentAnswer>): Promise<PaymentAnswer> {
    const { paymentId } = payment;
    try {
      return (await sending) ?? {};
    } catch (error) {
      this.logger.warn({ paymentId, err: error }, 'a payment got no result; its status is asked for');
      const found = await this.outcomes.askClient(payment);
      // The SPSP client has no such payment and so never began it, or the DFSP's ledger refused its transfer.
      const isNotBegun = found === 'unknown' || (found !== 'unanswered' && found.status === 'rejected');
      if (isClientError(error) && isNotBegun && (await this.outcomes.isUnknownToLedger(payment))) {
        const rejectionMessage = rejectionOf(error);
        await this.outcomes.recordEnd(payment, { status: OutgoingPaymentStatus.Failed, rejectionMessage });
        throw error;
      }
      if (found !== 'unknown' && found !== 'unanswered') return found;
      await this.payments.leavePayment(paymentId);
      // It may have begun: a 4xx would tell the channel that it has ended, a 503 that nothing was sent.
      throw commonError(CommonErrorId.External, { cause: error });
    }
  }

  /** @throws ContractError 422 ExpiredTransferError, or the reason of the rejection */
  private async recordEnd(payment: OutgoingPayment, end: PaymentEnd | undefined): Promise<PaymentResult> {
    if (!end) {
      await this.payments.leavePayment(payment.paymentId);
      return { status: 'pending', fulfillment: null };
    }
    await this.outcomes.recordEnd(payment, end);
    return resultOf(end);
  }

  /** Outcome of a payment that another request sends. @throws as {@link payQuote} */
  private async outcomeOfQuote(paymentId: string): Promise<PaymentResult> {
    const payment = await this.payments.findPayment(paymentId);
    if (!payment) throw quoteError(QuoteErrorId.Used);
    return this.outcomeOf(payment);
  }

  /** @throws as {@link payQuote} */
  private async outcomeOf(payment: OutgoingPayment): Promise<PaymentResult> {
    const known = await this.earlier.awaitSender(payment);
    if (!isOpen(known)) return resultOf(known as OutgoingPayment & PaymentEnd);
    // Its keeper follows it; the caller is told at once how it is now.
    const end = isBeingSent(known) ? undefined : await this.outcomes.confirmEnd(known, {});
    return end ? this.recordEnd(known, end) : { status: 'pending', fulfillment: null };
  }
}

/** @throws ContractError 422 InvoiceNotPendingError if the client pays it already, or it has ended */
function assertPayable(notification: InvoiceNotification | null): void {
  if (notification === null) return;
  const { status, paymentId } = notification;
  if (status !== InvoiceNotificationStatus.Pending) throw notPayable(NOTIFICATION_CHANNEL_STATUS[status]);
  if (paymentId !== null) throw invoiceError(InvoiceErrorId.NotPending, { message: BEING_PAID });
}

/** @throws ContractError 422 ExpiredTransferError, or the reason of the rejection */
function resultOf({ status, fulfillment = null, rejectionMessage }: PaymentEnd): PaymentResult {
  if (status === OutgoingPaymentStatus.Executed) return { status: 'executed', fulfillment };
  if (status === OutgoingPaymentStatus.Expired) throw paymentError(PaymentErrorId.Expired);
  throw errorOfRejection(rejectionMessage);
}
