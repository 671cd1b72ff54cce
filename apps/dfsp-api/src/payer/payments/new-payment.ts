import { decodeIpr } from '@level-one/ilp';
import type { InvoiceNotification } from '@level-one/invoice';
import { CommonErrorId, commonError } from '@level-one/platform';
import { type Quote, QuoteErrorId, quoteError, QuoteStatus } from '@level-one/quote';
import { randomUUID } from 'node:crypto';
import { accountOfQuote } from '../../quotes/quote-account.js';
import type { PayableInvoice } from '../invoices/invoice-reader.js';
import { payeeNameOf } from '../quotes/outgoing-quotes.service.js';
import { OutgoingPayment, OutgoingPaymentStatus } from './outgoing-payment.entity.js';

/** Longer than hop S.A may take: after it no request waits for the setup. */
const SETUP_TAKES_MS_MAX = 30_000;
/** Longer than hops P.A and row-47 may take: until then the request waits for their answer. */
export const PAYMENT_TAKES_MS_MAX = 80_000;
/** Time to hand in the charges of a quoted payment (hop row-23a) before it is sent. */
const CHARGES_TAKE_MS_MAX = 10_000;

/** Checked order to pay an invoice. */
export interface InvoiceOrder {
  invoiceUrl: string;
  payerIdentifier: string;
  /** Name of the payer's own account. */
  account: string;
  /** Null if the payer gave the invoice's URL. */
  notification: InvoiceNotification | null;
}

/**
 * A new payment of an invoice, not stored yet; with the price of its quote, if there is one.
 * @throws ContractError 422 UnprocessableEntityError if the invoice is in another currency and has no quote
 */
export function invoicePaymentOf(
  order: InvoiceOrder,
  invoice: PayableInvoice,
  quote: Quote | null,
  { currency, scale }: { currency: string; scale: number },
): OutgoingPayment {
  if (!quote && (invoice.view.currencyCode !== currency || invoice.scale !== scale)) {
    throw commonError(CommonErrorId.UnprocessableEntity, { message: `The account is in ${currency}` });
  }
  return {
    ...unsentPayment(),
    paymentId: quote?.paymentId ?? randomUUID(),
    invoiceUrl: order.invoiceUrl,
    isQuoted: quote !== null,
    notificationId: order.notification?.id ?? null,
    payerIdentifier: order.payerIdentifier,
    account: order.account,
    amount: quote?.sourceAmount ?? invoice.amount,
    fee: quote?.fee ?? invoice.fee,
    commission: quote?.commission ?? 0n,
    payeeName: invoice.view.name || null,
    payeeAccount: invoice.view.account,
  };
}

/**
 * A new payment of a quote, not stored yet. It may have been sent as soon as it is stored.
 * @throws ContractError 422 QuoteUsedError, QuoteExpiredError, UnprocessableEntityError for the quote of an invoice
 */
export function quotedPaymentOf(quote: Quote): OutgoingPayment {
  const account = accountOfQuote(quote);
  if (quote.status === QuoteStatus.Used) throw quoteError(QuoteErrorId.Used);
  if (quote.status === QuoteStatus.Expired) throw quoteError(QuoteErrorId.Expired);
  if (account === null) {
    throw commonError(CommonErrorId.UnprocessableEntity, {
      message: 'The quote belongs to an invoice: pay the invoice',
    });
  }
  return {
    ...unsentPayment(),
    ...quotedTransfer(quote),
    paymentId: quote.paymentId,
    invoiceUrl: null,
    isQuoted: true,
    notificationId: null,
    payerIdentifier: quote.ownIdentifier,
    account,
    amount: quote.sourceAmount!,
    fee: quote.fee,
    commission: quote.commission,
    payeeName: payeeNameOf(quote) || null,
    payeeAccount: quote.destinationAccount,
  };
}

/** Columns of a quoted payment that is sent now. */
export function quotedTransfer({ ipr, sourceExpiryDuration }: Quote) {
  const checkAt = new Date(Date.now() + CHARGES_TAKE_MS_MAX + PAYMENT_TAKES_MS_MAX);
  return {
    status: OutgoingPaymentStatus.Paying,
    // The SPSP client sets the expiry when it gets the request, at the latest when the request times out.
    expiresAt: new Date(checkAt.getTime() + sourceExpiryDuration! * 1_000),
    checkAt,
    sendingUntil: checkAt,
    conditionHash: decodeIpr(ipr!).condition.toString('base64url'),
  };
}

/** Whether there is time left to send a payment before its keeper checks it. */
export function isInTime({ checkAt }: Pick<OutgoingPayment, 'checkAt'>): boolean {
  return checkAt.getTime() - Date.now() >= PAYMENT_TAKES_MS_MAX;
}

/** Columns of a payment before its setup. */
function unsentPayment() {
  const createdAt = new Date();
  const checkAt = new Date(createdAt.getTime() + SETUP_TAKES_MS_MAX);
  return {
    status: OutgoingPaymentStatus.SettingUp,
    payeeIdentifier: null,
    expiresAt: null,
    conditionHash: null,
    fulfillment: null,
    rejectionMessage: null,
    checkAt,
    sendingUntil: checkAt,
    createdAt,
  };
}
