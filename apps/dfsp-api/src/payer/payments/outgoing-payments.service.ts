import { Injectable } from '@nestjs/common';
import { isClientError } from '@level-one/errors';
import {
  InvoiceErrorId,
  invoiceError,
  type InvoiceNotification,
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
import type { PayableInvoice } from '../invoices/invoice-reader.js';
import { EarlierPayments, notPayable } from './earlier-payments.service.js';
import { InvoicePrices } from './invoice-prices.service.js';
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

const NEVER_SENT = 'The payment could not be sent in time; no money has moved. Ask for a new quote';

/** The payment has ended, and its end is recorded; the cause is what its payer is told. */
class HasEnded extends Error {}

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
    private readonly prices: InvoicePrices,
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
    const known = await this.beginOrFind(order);
    const { paymentId } = known.payment;
    return withPaymentId(paymentId, async () => {
      const { status } = known.isNew
        ? await withTrace({ traceId: paymentId }, () => this.sendInvoicePayment(known.payment, known.invoice))
        : await this.outcomeOf(known.payment);
      return { paymentId, invoiceId: known.invoiceId, status: status === 'executed' ? 'paid' : status };
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
      throw await this.refuse(order, attempt, error);
    }
  }

  /**
   * The refusal of a payment that was not begun, written down under its id: that of the price that the client was shown,
   * also if it was refused before a price was looked for. What may pass is no refusal yet.
   */
  private async refuse(order: InvoiceOrder, { payment }: Attempt, error: unknown): Promise<unknown> {
    const shown = payment || !isClientError(error) ? null : await this.invoiceQuotes.findUnpaid(order);
    const paymentId = payment?.paymentId ?? shown?.paymentId;
    if (paymentId === undefined) return error;
    const amount = payment?.amount ?? shown?.sourceAmount ?? undefined;
    this.log.refused({ paymentId, side: 'debit', amount }, error);
    return errorOfPayment(error, paymentId);
  }

  private async beginNew(order: InvoiceOrder, attempt: Attempt): Promise<BegunPayment> {
    assertPayable(order.notification);
    const priced = this.prices.priceInvoice(order);
    const invoice = (attempt.invoice = await priced.invoice);
    const payment = (attempt.payment = invoicePaymentOf(order, invoice, await priced.quote, this.settings));
    assertAffordable(payment, await priced.available);
    await this.claimInvoice(payment, invoice);
    return { isNew: true, payment, invoice, invoiceId: invoice.view.invoiceId };
  }

  private async sendInvoicePayment(payment: OutgoingPayment, invoice: PayableInvoice): Promise<PaymentResult> {
    try {
      return await this.orGiveUp(payment, async () => {
        const { setup, order } = await this.setUpPayment(payment, invoice);
        await this.handInCharges(payment);
        await this.beginPayment(payment, order);
        return this.awaitEnd(payment, () => this.proxy.pay(payment.paymentId, setup));
      });
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
      const claimed = await this.claimQuote(quote);
      const payment = claimed ?? (await this.findUnsent(quote));
      if (!payment) return { isFirst: false, ...(await this.outcomeOfQuote(paymentId)) };
      const result = await withTrace({ traceId: paymentId }, () => this.sendQuotedPayment(payment, quote, sides));
      return { isFirst: claimed !== undefined, ...result };
    });
  }

  private async sendQuotedPayment(payment: OutgoingPayment, quote: Quote, sides: QuoteSides): Promise<PaymentResult> {
    const transfer = quotedTransferOf(quote, payment, this.accounts.uriOf(payment.account), this.settings);
    return this.orGiveUp(payment, async () => {
      await this.handInQuotedCharges(payment, sides);
      return this.awaitEnd(payment, () => this.adapter.pay(transfer));
    });
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
      assertAffordable(payment, await this.accounts.availableBalanceOf(payment.account));
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

  /**
   * A payment whose request got no answer, and of which the ledger knows nothing: a repeated request sends it again, by
   * the same id, as long as its quote is valid. Undefined for any other payment, and while another request sends it.
   */
  private async findUnsent(quote: Quote): Promise<OutgoingPayment | undefined> {
    const known = await this.payments.findPayment(quote.paymentId);
    if (!known || !isOpen(known) || isBeingSent(known) || quote.expiresAt <= new Date()) return undefined;
    if (!(await this.outcomes.isUnknownToLedger(known))) return undefined;
    const payment = Object.assign(known, quotedTransfer(quote));
    return (await this.payments.resendPayment(payment)) ? payment : undefined;
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

  /**
   * Gives a payment up if it is refused, or if its setup fails: it has failed once its id is void at the ledger. One that
   * may have been sent stays open without an answer, so that its keeper can follow it; a quote can be sent again.
   */
  private async orGiveUp(payment: OutgoingPayment, sending: () => Promise<PaymentResult>): Promise<PaymentResult> {
    try {
      return await sending();
    } catch (error) {
      if (error instanceof HasEnded) throw error.cause;
      const isRefused = isClientError(error);
      const isUnsent = payment.status === OutgoingPaymentStatus.SettingUp;
      const reason = isRefused ? { rejectionMessage: rejectionOf(error) } : {};
      const failed: PaymentEnd = { status: OutgoingPaymentStatus.Failed, ...reason };
      const end = isRefused || isUnsent ? await this.outcomes.giveUp(payment, failed) : undefined;
      if (end?.status === OutgoingPaymentStatus.Failed) {
        await this.outcomes.recordEnd(payment, end);
        throw error;
      }
      if (end || isRefused) return this.recordEnd(payment, end);
      await this.payments.leavePayment(payment.paymentId);
      // It may have begun: a 4xx would tell the channel that it has ended, a 503 that nothing was sent.
      throw commonError(CommonErrorId.External, { message: stillOpen(payment), cause: error });
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
    Object.assign(payment, order, { status: OutgoingPaymentStatus.Paying });
  }

  /**
   * Sends a payment, and answers how it ended. Without an answer the SPSP client is asked for its status.
   * @throws HasEnded with the refusal of a payment that has ended
   * @throws ContractError if the payment was refused, or nobody knows of it
   */
  private async awaitEnd(payment: OutgoingPayment, send: () => Promise<PaymentAnswer>): Promise<PaymentResult> {
    const answer = await this.answerTo(payment, send);
    const end = await this.outcomes.confirmEnd(payment, answer);
    try {
      return await this.recordEnd(payment, end);
    } catch (cause) {
      throw new HasEnded('the payment has ended', { cause });
    }
  }

  private async answerTo(payment: OutgoingPayment, send: () => Promise<PaymentAnswer>): Promise<PaymentAnswer> {
    try {
      return (await send()) ?? {};
    } catch (error) {
      this.logger.warn(
        { paymentId: payment.paymentId, err: error },
        'a payment got no result; its status is asked for',
      );
      const found = await this.outcomes.askClient(payment);
      // The SPSP client has no such payment and so never began it, or the DFSP's ledger refused its transfer.
      if (typeof found === 'string' || (isClientError(error) && found.status === 'rejected')) throw error;
      return found;
    }
  }

  /** @throws ContractError 422 ExpiredTransferError, or the reason of the rejection */
  private async recordEnd(payment: OutgoingPayment, end: PaymentEnd | undefined): Promise<PaymentResult> {
    if (!end) {
      await this.payments.leavePayment(payment.paymentId);
      return { status: 'pending', fulfillment: null };
    }
    // The payment of an invoice cannot wait: another instance would still list the invoice, and refuse the next purchase of
    // its product.
    const canWait = end.status === OutgoingPaymentStatus.Executed && payment.invoiceUrl === null;
    if (canWait) void this.outcomes.recordExecuted(payment, end);
    else await this.outcomes.recordEnd(payment, end);
    return resultOf(payment, end);
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
    if (!isOpen(known)) return resultOf(known, known as PaymentEnd);
    // Its keeper follows it; the caller is told at once how it is now.
    const end = isBeingSent(known) ? undefined : await this.outcomes.confirmEnd(known, {});
    return end ? this.recordEnd(known, end) : { status: 'pending', fulfillment: null };
  }
}

/** @throws ContractError 422 InsufficientFundsError if there is less than amount and fee */
function assertAffordable({ amount, fee }: OutgoingPayment, available: bigint): void {
  if (available < amount + fee) throw paymentError(PaymentErrorId.InsufficientFunds);
}

/** @throws ContractError 422 InvoiceNotPendingError if the client pays it already, or it has ended */
function assertPayable(notification: InvoiceNotification | null): void {
  if (notification === null) return;
  const { status, paymentId } = notification;
  if (status !== InvoiceNotificationStatus.Pending) throw notPayable(NOTIFICATION_CHANNEL_STATUS[status]);
  if (paymentId !== null) throw invoiceError(InvoiceErrorId.NotPending, { message: BEING_PAID });
}

/** What a payer is told whose payment has no end yet. */
function stillOpen({ paymentId }: OutgoingPayment): string {
  return `The payment got no answer and is still open; GET /v1/payments/${paymentId} tells its end`;
}

/**
 * @throws ContractError 422 ExpiredTransferError, QuoteExpiredError for a quote whose payment was never sent, or the
 * reason of the rejection
 */
function resultOf(
  { invoiceUrl }: OutgoingPayment,
  { status, fulfillment = null, rejectionMessage = null }: PaymentEnd,
): PaymentResult {
  if (status === OutgoingPaymentStatus.Executed) return { status: 'executed', fulfillment };
  if (status === OutgoingPaymentStatus.Expired) throw paymentError(PaymentErrorId.Expired);
  const isUnexplained = status === OutgoingPaymentStatus.Failed && rejectionMessage === null;
  if (isUnexplained && invoiceUrl === null) throw quoteError(QuoteErrorId.Expired, { message: NEVER_SENT });
  if (isUnexplained) throw paymentError(PaymentErrorId.Expired);
  throw errorOfRejection(rejectionMessage);
}
