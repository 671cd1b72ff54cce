import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import {
  InvoiceErrorId,
  invoiceError,
  type InvoiceNotification,
  InvoiceNotificationRepository,
  InvoiceNotificationStatus,
} from '@level-one/invoice';
import { formatAmount } from '@level-one/money';
import { type PaymentResultDto, type SetupResponseDto, SpspClientProxyClient } from '@level-one/peers';
import { CommonErrorId, commonError, RoleLogger, withTrace } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { answeredAmount } from '../amounts.js';
import { CustomerErrorId } from '../customers/customer-errors.js';
import { CustomersService } from '../customers/customers.service.js';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { InvoiceNotificationsService } from '../invoice-notifications/invoice-notifications.service.js';
import { InvoiceReader, type PayableInvoice } from '../invoices/invoice-reader.js';
import { LedgerAccounts } from '../ledger-accounts.js';
import { OutgoingPayment, OutgoingPaymentStatus } from './outgoing-payment.entity.js';
import { OutgoingPaymentsRepository } from './outgoing-payments.repository.js';
import { PaymentErrorId, paymentError } from './payment-errors.js';
import { endOf, PaymentKeeper } from './payment-keeper.js';
import { InvoiceFeesDto, PayInvoiceDto } from './payments.dto.js';
import { errorOfRejection } from './rejection.js';

/** Longer than hop S.A may take: then nobody is waiting for the setup any more. */
const SETUP_TAKES_MS_MAX = 30_000;
/** Longer than hop P.A may take: until then its own answer is awaited. */
const PAYMENT_TAKES_MS_MAX = 80_000;

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
    private readonly payments: OutgoingPaymentsRepository,
    private readonly keeper: PaymentKeeper,
    private readonly proxy: SpspClientProxyClient,
    private readonly logger: RoleLogger,
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
      account: this.customers.ownAccount(customer, account),
      notification,
    });
  }

  /** Pays an invoice by its URL, notified or not. @throws ContractError as {@link payNotification}, 404 ClientNotFound */
  async payInvoice({ invoiceUrl, identifier, account }: PayInvoiceDto): Promise<PaymentOutcome> {
    const customer = await this.customers.get(identifier, CustomerErrorId.ClientNotFound);
    const ownAccount = this.customers.ownAccount(customer, account);
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
    this.customers.ownAccount(customer, account);
    const { fee } = await this.reader.read(invoiceUrl);
    const { scale } = this.settings;
    return { fee: formatAmount(fee, scale), connectorFee: formatAmount(0n, scale) };
  }

  private async isProduct(invoiceUrl: string): Promise<boolean> {
    return (await this.reader.read(invoiceUrl)).view.invoiceType === 'product';
  }

  private async pay(order: Order): Promise<PaymentOutcome> {
    if (order.notification && order.notification.status !== InvoiceNotificationStatus.Pending) {
      throw invoiceError(InvoiceErrorId.NotPending);
    }
    const invoice = await this.reader.read(order.invoiceUrl);
    await this.assertPayable(order, invoice);
    await this.assertAffordable(order.account, invoice.amount + invoice.fee);
    const payment = paymentOf(order, invoice);
    if (!(await this.payments.claim(payment))) {
      throw invoiceError(InvoiceErrorId.NotPending, { message: 'The invoice is being paid, or was a moment ago' });
    }
    const status = await withTrace({ traceId: payment.paymentId }, () => this.carryOut(payment));
    return { paymentId: payment.paymentId, invoiceId: invoice.view.invoiceId, status };
  }

  private async assertPayable({ notification }: Order, { view }: PayableInvoice): Promise<void> {
    if (notification) await this.notifications.broughtUpToDate(notification, view.status);
    if (view.status !== 'unpaid') throw invoiceError(InvoiceErrorId.NotPending);
    const { currency } = this.settings;
    if (view.currencyCode !== currency) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: `The account is in ${currency}` });
    }
  }

  private async assertAffordable(account: string, total: bigint): Promise<void> {
    if ((await this.accounts.available(account)) < total) throw paymentError(PaymentErrorId.InsufficientFunds);
  }

  /** From here on the payment is stored, and whatever happens it is brought to an end by this or by its keeper. */
  private async carryOut(payment: OutgoingPayment): Promise<PaymentOutcome['status']> {
    const setup = await this.setUp(payment);
    const checkAt = new Date(Date.now() + PAYMENT_TAKES_MS_MAX);
    if (!(await this.payments.begin(payment.paymentId, new Date(setup.expiresAt), checkAt))) {
      throw paymentError(PaymentErrorId.Expired);
    }
    const result = await this.send(payment, setup);
    const end = endOf(result);
    if (!end) {
      await this.payments.checkAgain(payment.paymentId, new Date());
      return 'pending';
    }
    await this.keeper.record(payment, end);
    if (end.status === OutgoingPaymentStatus.Executed) return 'paid';
    if (end.status === OutgoingPaymentStatus.Expired) throw paymentError(PaymentErrorId.Expired);
    throw errorOfRejection(result.rejectionMessage);
  }

  /** Asks the payee's side (hop S.A). When that fails nothing was sent that could move money, and the claim ends. */
  private async setUp(payment: OutgoingPayment): Promise<SetupResponseDto> {
    try {
      const setup = await this.proxy.setup({
        receiver: payment.invoiceUrl,
        sourceAccount: this.accounts.uriOf(payment.account),
        sourceIdentifier: payment.payerIdentifier,
        paymentId: payment.paymentId,
      });
      await this.assertAsOrdered(payment, setup);
      return setup;
    } catch (error) {
      await this.payments.giveUp(payment);
      throw error;
    }
  }

  /** The payer agreed to an amount and a fee; nothing else is paid. */
  private async assertAsOrdered(payment: OutgoingPayment, setup: SetupResponseDto): Promise<void> {
    const { scale } = this.settings;
    const expiresAt = Date.parse(setup?.expiresAt);
    if (setup?.id?.toLowerCase() !== payment.paymentId || Number.isNaN(expiresAt)) {
      throw commonError(CommonErrorId.External, { message: 'The setup is not of this payment' });
    }
    if (answeredAmount(setup.destinationAmount, scale) !== payment.amount) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: "The setup's amount is not the invoice's" });
    }
    const sourceAmount = answeredAmount(setup.sourceAmount, scale);
    if (sourceAmount > payment.amount) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The setup costs more than the payer was told' });
    }
  }

  /** Pays (hop P.A). When that fails, the SPSP client is asked what it made of the payment. */
  private async send(payment: OutgoingPayment, setup: SetupResponseDto): Promise<PaymentResultDto> {
    const { paymentId, payerIdentifier: sourceIdentifier } = payment;
    try {
      return await this.proxy.pay(paymentId, Object.assign(setup, { sourceIdentifier }));
    } catch (error) {
      this.logger.warn({ paymentId, err: error }, 'a payment was not answered with a result');
      // A refusal by a client that knows of no such payment is final: it never began one.
      const wasRefused = error instanceof ContractError && error.status < 500;
      const found = await this.keeper.ask(payment);
      if (found === 'unknown' && wasRefused) {
        await this.keeper.record(payment, { status: OutgoingPaymentStatus.Failed });
        throw error;
      }
      if (found === 'unknown' || found === 'unanswered') {
        await this.payments.checkAgain(paymentId, new Date());
        throw error;
      }
      const end = endOf(found);
      if (end?.status === OutgoingPaymentStatus.Rejected && wasRefused) {
        await this.keeper.record(payment, end);
        throw error;
      }
      return found;
    }
  }
}

function paymentOf(order: Order, { amount, fee }: PayableInvoice): OutgoingPayment {
  const createdAt = new Date();
  return {
    paymentId: randomUUID(),
    invoiceUrl: order.invoiceUrl,
    notificationId: order.notification?.id ?? null,
    payerIdentifier: order.payerIdentifier,
    account: order.account,
    amount,
    fee,
    status: OutgoingPaymentStatus.SettingUp,
    expiresAt: null,
    fulfillment: null,
    rejectionMessage: null,
    checkAt: new Date(createdAt.getTime() + SETUP_TAKES_MS_MAX),
    createdAt,
  };
}
