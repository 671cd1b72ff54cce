import { Injectable } from '@nestjs/common';
import { decodeIpr } from '@level-one/ilp';
import { SchemeAdapterClient } from '@level-one/peers';
import { CommonErrorId, commonError, withTrace } from '@level-one/platform';
import { type Quote, quoteError, QuoteErrorId, QuoteStatus } from '@level-one/quote';
import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerAccounts } from '../../ledger/ledger-accounts.js';
import { formatAmount } from '@level-one/money';
import { CustomerErrorId } from '../../customers/customer-errors.js';
import { CustomersService } from '../../customers/customers.service.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { accountOfQuote, OutgoingQuotesService } from '../quotes/outgoing-quotes.service.js';
import { OutgoingPayment, OutgoingPaymentStatus } from './outgoing-payment.entity.js';
import { OutgoingPaymentsRepository } from './outgoing-payments.repository.js';
import { PaymentErrorId, paymentError } from '../../ledger/payment-errors.js';
import { PAYMENT_TAKES_MS_MAX, type PaymentOrder, PaymentRunner } from './payment-runner.js';
import { errorOfRejection } from './rejection.js';

/** What became of a quoted payment that did not fail. */
export interface TransferOutcome {
  /** False for a repeated request. */
  isFirst: boolean;
  status: 'executed' | 'pending';
  fulfillment: string | null;
}

const POLL_MS = 100;

/** Pays quotes for this DFSP's clients, by their payment requests (row 47). */
@Injectable()
export class TransfersService {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly customers: CustomersService,
    private readonly quotes: OutgoingQuotesService,
    private readonly payments: OutgoingPaymentsRepository,
    private readonly runner: PaymentRunner,
    private readonly accounts: LedgerAccounts,
    private readonly adapter: SchemeAdapterClient,
  ) {}

  /**
   * Pays a quote once, however often it is asked; a repeated request gets the same answer.
   * @throws ContractError 404 QuoteNotFoundError, NotFoundError (account); 422 QuoteExpiredError, InsufficientFundsError, ExpiredTransferError, or
   * the reason of whoever rejected the payment; 502
   */
  async transfer(id: string): Promise<TransferOutcome> {
    const paymentId = id.toLowerCase();
    const quote = await this.quotes.get(paymentId);
    const known = await this.payments.find(paymentId);
    if (known && !(await this.isRestarted(known))) return this.outcomeOf(known);
    const payment = known ?? (await this.claimed(quote));
    if (!payment) return this.repeated(paymentId);
    const { status, fulfillment } = await withTrace({ traceId: paymentId }, () =>
      this.runner.run(payment, () => Promise.resolve(this.orderOf(quote, payment))),
    );
    const isPaid = status === 'paid';
    return { isFirst: true, status: isPaid ? 'executed' : 'pending', fulfillment: fulfillment ?? null };
  }

  /** Undefined when somebody else was faster. */
  private async claimed(quote: Quote): Promise<OutgoingPayment | undefined> {
    const payment = this.paymentOf(quote);
    // The account may have been given up since it was quoted.
    const payer = await this.customers.get(payment.payerIdentifier, CustomerErrorId.ClientNotFound);
    await this.customers.ownAccount(payer, payment.account);
    await this.runner.assertAffordable(payment);
    const { transferType, identifier: payeeIdentifier } = quote;
    return (await this.payments.claim(payment, { transferType, payeeIdentifier })) ? payment : undefined;
  }

  /** What never was sent, because something was down, is sent now. */
  private async isRestarted({ paymentId, status }: OutgoingPayment): Promise<boolean> {
    if (status !== OutgoingPaymentStatus.Failed) return false;
    return this.payments.restart(paymentId, new Date(Date.now() + PAYMENT_TAKES_MS_MAX));
  }

  private paymentOf(quote: Quote): OutgoingPayment {
    const account = accountOfQuote(quote);
    if (quote.status === QuoteStatus.Used) throw quoteError(QuoteErrorId.Used);
    if (quote.status === QuoteStatus.Expired) throw quoteError(QuoteErrorId.Expired);
    if (account === null) {
      throw commonError(CommonErrorId.UnprocessableEntity, {
        message: 'The quote is of an invoice: pay that, from an account',
      });
    }
    const createdAt = new Date();
    return {
      paymentId: quote.paymentId,
      invoiceUrl: null,
      isQuoted: true,
      notificationId: null,
      payerIdentifier: quote.ownIdentifier,
      account,
      amount: quote.sourceAmount!,
      fee: quote.fee,
      commission: quote.commission,
      status: OutgoingPaymentStatus.SettingUp,
      expiresAt: null,
      conditionHash: null,
      fulfillment: null,
      rejectionMessage: null,
      checkAt: new Date(createdAt.getTime() + PAYMENT_TAKES_MS_MAX),
      createdAt,
    };
  }

  private orderOf(
    { paymentId, ipr, connectorAccount, sourceExpiryDuration }: Quote,
    payment: OutgoingPayment,
  ): PaymentOrder {
    const duration = sourceExpiryDuration!;
    return {
      // The time of the transfer begins when the SPSP client hears of it, which is before this request is given up.
      expiresAt: new Date(Date.now() + PAYMENT_TAKES_MS_MAX + duration * 1_000),
      amount: payment.amount,
      conditionHash: decodeIpr(ipr!).condition.toString('base64url'),
      send: () =>
        this.adapter.pay({
          paymentId,
          ipr: ipr!,
          sourceAmount: formatAmount(payment.amount, this.settings.scale),
          sourceAccount: this.accounts.uriOf(payment.account),
          connectorAccount: connectorAccount!,
          sourceExpiryDuration: duration,
        }),
    };
  }

  private async repeated(paymentId: string): Promise<TransferOutcome> {
    const known = await this.payments.find(paymentId);
    if (known) return this.outcomeOf(known);
    throw quoteError(QuoteErrorId.Used);
  }

  /** Waits for a payment that another request sends, as long as that one would. */
  private async outcomeOf(known: OutgoingPayment): Promise<TransferOutcome> {
    const until = Date.now() + PAYMENT_TAKES_MS_MAX;
    for (let payment = known; ; payment = (await this.payments.find(known.paymentId)) ?? payment) {
      switch (payment.status) {
        case OutgoingPaymentStatus.Executed:
          return { isFirst: false, status: 'executed', fulfillment: payment.fulfillment };
        case OutgoingPaymentStatus.Expired:
          throw paymentError(PaymentErrorId.Expired);
        case OutgoingPaymentStatus.Rejected:
        case OutgoingPaymentStatus.Failed:
          throw errorOfRejection(payment.rejectionMessage);
        default:
          if (Date.now() > until) return { isFirst: false, status: 'pending', fulfillment: null };
          await sleep(POLL_MS);
      }
    }
  }
}
