import { Injectable } from '@nestjs/common';
import {
  InvoiceErrorId,
  invoiceError,
  type InvoiceNotification,
  InvoiceNotificationRepository,
  InvoiceNotificationStatus,
} from '@level-one/invoice';
import { formatAmount, unitAtScale } from '@level-one/money';
import { type SetupResponseDto, SpspClientProxyClient } from '@level-one/peers';
import { CommonErrorId, commonError, withTrace } from '@level-one/platform';
import type { Quote } from '@level-one/quote';
import { randomUUID } from 'node:crypto';
import { answeredAmount } from '../../requests/amounts.js';
import { CustomerErrorId } from '../../customers/customer-errors.js';
import { CustomersService } from '../../customers/customers.service.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { InvoiceNotificationsService } from '../notifications/invoice-notifications.service.js';
import { InvoiceReader, type PayableInvoice } from '../invoices/invoice-reader.js';
import { LedgerAccounts } from '../../ledger/ledger-accounts.js';
import { conditionHashOf } from '../../ledger/own-transfers.js';
import { OutgoingPayment, OutgoingPaymentStatus } from './outgoing-payment.entity.js';
import { OutgoingPaymentsRepository } from './outgoing-payments.repository.js';
import { InvoiceQuotes } from './invoice-quotes.service.js';
import { type PaymentOrder, PaymentRunner } from './payment-runner.js';
import { InvoiceFeesDto, PayInvoiceDto } from './payments.dto.js';

/** Longer than hop S.A may take: then nobody is waiting for the setup any more. */
const SETUP_TAKES_MS_MAX = 30_000;
/** How a payment went, when it did not fail. */
export interface PaymentOutcome {
  paymentId: string;
  invoiceId: string;
  status: 'paid' | 'pending';
}

/** Who pays what from where, checked. */
interface Order {
  invoiceUrl: string;
  payerIdentifier: string;
  account: string;
  notification: InvoiceNotification | null;
}

/** Pays invoices for this DFSP's clients: checks, setup (hop S.A), payment (hop P.A). */
@Injectable()
export class PaymentsService {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly customers: CustomersService,
    private readonly accounts: LedgerAccounts,
    private readonly reader: InvoiceReader,
    private readonly notifications: InvoiceNotificationsService,
    private readonly notificationRepository: InvoiceNotificationRepository,
    private readonly quotes: InvoiceQuotes,
    private readonly payments: OutgoingPaymentsRepository,
    private readonly runner: PaymentRunner,
    private readonly proxy: SpspClientProxyClient,
  ) {}

  /**
   * Pays the invoice that a client was notified of.
   * @throws ContractError 404 InvoiceNotificationNotFoundError, NotFoundError (account); 422 InvoiceNotPendingError,
   * InsufficientFundsError, ExpiredTransferError, or the reason of whoever rejected the payment; 502.
   */
  async payNotification(notificationId: string, account: string): Promise<PaymentOutcome> {
    const notification = await this.notifications.get(notificationId);
    const { invoiceUrl, senderIdentifier } = notification;
    const customer = await this.customers.get(senderIdentifier, CustomerErrorId.ClientNotFound);
    return this.pay({
      invoiceUrl,
      payerIdentifier: senderIdentifier,
      account: await this.customers.ownAccount(customer, account),
      notification,
    });
  }

  /** Pays an invoice by its URL, notified or not. @throws ContractError as {@link payNotification}, 404 ClientNotFound */
  async payInvoice({ invoiceUrl, identifier, account }: PayInvoiceDto): Promise<PaymentOutcome> {
    const customer = await this.customers.get(identifier, CustomerErrorId.ClientNotFound);
    const ownAccount = await this.customers.ownAccount(customer, account);
    const known = await this.notificationRepository.findPair({ invoiceUrl, senderIdentifier: identifier });
    // A product is bought again and again; of anything else a notification that is over is the end.
    const isBoughtAgain =
      known !== null && known.status !== InvoiceNotificationStatus.Pending && (await this.isProduct(invoiceUrl));
    const notification = isBoughtAgain ? null : known;
    return this.pay({ invoiceUrl, payerIdentifier: identifier, account: ownAccount, notification });
  }

  /** What paying would cost. @throws ContractError 404 ClientNotFound, NotFoundError (account), InvoiceNotFoundError */
  async fees({ invoiceUrl, identifier, account }: PayInvoiceDto): Promise<InvoiceFeesDto> {
    const customer = await this.customers.get(identifier, CustomerErrorId.ClientNotFound);
    await this.customers.ownAccount(customer, account);
    const payer = { payerIdentifier: identifier };
    const invoice = await this.reader.read(invoiceUrl, payer);
    const quote = await this.quotes.shown({ ...invoice, invoiceUrl, ...payer });
    const { scale, currency } = this.settings;
    const isOneCurrency = quote !== null && quote.currency === currency && quote.scale === scale;
    const connectorFee = isOneCurrency ? quote.sourceAmount! - quote.transferAmount : 0n;
    return { fee: formatAmount(quote?.fee ?? invoice.fee, scale), connectorFee: formatAmount(connectorFee, scale) };
  }

  private async isProduct(invoiceUrl: string): Promise<boolean> {
    return (await this.reader.read(invoiceUrl)).view.invoiceType === 'product';
  }

  private async pay(order: Order): Promise<PaymentOutcome> {
    if (order.notification && order.notification.status !== InvoiceNotificationStatus.Pending) {
      throw invoiceError(InvoiceErrorId.NotPending);
    }
    const invoice = await this.reader.read(order.invoiceUrl, order);
    await this.assertPayable(order, invoice);
    const quote = await this.quotes.payable({ ...invoice, ...order });
    const payment = this.paymentOf(order, invoice, quote);
    await this.runner.assertAffordable(payment);
    if (!(await this.payments.claim(payment, paidFor(invoice)))) {
      throw invoiceError(InvoiceErrorId.NotPending, { message: 'The invoice is being paid, or was a moment ago' });
    }
    const { paymentId } = payment;
    const { status } = await withTrace({ traceId: paymentId }, () =>
      this.runner.run(payment, () => this.setUp(payment, invoice)),
    );
    return { paymentId, invoiceId: invoice.view.invoiceId, status };
  }

  private async assertPayable({ notification }: Order, { view }: PayableInvoice): Promise<void> {
    if (notification) await this.notifications.broughtUpToDate(notification, view.status);
    if (view.status !== 'unpaid') throw invoiceError(InvoiceErrorId.NotPending);
  }

  private paymentOf(order: Order, invoice: PayableInvoice, quote: Quote | null): OutgoingPayment {
    const { currency, scale } = this.settings;
    if (!quote && (invoice.view.currencyCode !== currency || invoice.scale !== scale)) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: `The account is in ${currency}` });
    }
    const createdAt = new Date();
    return {
      paymentId: quote?.paymentId ?? randomUUID(),
      invoiceUrl: order.invoiceUrl,
      isQuoted: quote !== null,
      notificationId: order.notification?.id ?? null,
      payerIdentifier: order.payerIdentifier,
      account: order.account,
      amount: quote?.sourceAmount ?? invoice.amount,
      fee: quote?.fee ?? invoice.fee,
      commission: quote?.commission ?? 0n,
      status: OutgoingPaymentStatus.SettingUp,
      expiresAt: null,
      conditionHash: null,
      fulfillment: null,
      rejectionMessage: null,
      checkAt: new Date(createdAt.getTime() + SETUP_TAKES_MS_MAX),
      createdAt,
    };
  }

  /** Asks the payee's side (hop S.A), and pays what it answers (hop P.A). */
  private async setUp(payment: OutgoingPayment, invoice: PayableInvoice): Promise<PaymentOrder> {
    const { paymentId, payerIdentifier: sourceIdentifier } = payment;
    const setup = await this.proxy.setup({
      receiver: payment.invoiceUrl!,
      sourceAccount: this.accounts.uriOf(payment.account),
      sourceIdentifier,
      paymentId,
    });
    const amount = this.orderedAmount(payment, invoice, setup);
    return {
      expiresAt: new Date(setup.expiresAt),
      amount,
      conditionHash: conditionIn(setup),
      send: () => this.proxy.pay(paymentId, Object.assign(setup, { sourceIdentifier })),
    };
  }

  /** The payer agreed to an amount and a fee; nothing else is paid. Answers what leaves the account, fee apart. */
  private orderedAmount(payment: OutgoingPayment, invoice: PayableInvoice, setup: SetupResponseDto): bigint {
    const expiresAt = Date.parse(setup?.expiresAt);
    if (setup?.id?.toLowerCase() !== payment.paymentId || Number.isNaN(expiresAt)) {
      throw commonError(CommonErrorId.External, { message: 'The setup is not of this payment' });
    }
    if (answeredAmount(setup.destinationAmount, unitAtScale(invoice.scale)) !== invoice.amount) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: "The setup's amount is not the invoice's" });
    }
    const sourceAmount = answeredAmount(setup.sourceAmount, this.settings);
    if (sourceAmount > payment.amount) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The setup costs more than the payer was told' });
    }
    return sourceAmount;
  }
}

function conditionIn(setup: SetupResponseDto): string {
  const hash = conditionHashOf(setup.execution_condition ?? setup.condition);
  if (hash === undefined) throw commonError(CommonErrorId.External, { message: 'The setup has no condition' });
  return hash;
}

function paidFor({ transferType, view }: PayableInvoice) {
  return { transferType, payeeIdentifier: view.merchantIdentifier };
}
