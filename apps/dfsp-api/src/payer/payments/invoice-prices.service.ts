import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { InvoiceNotificationRepository } from '@level-one/invoice';
import type { Quote } from '@level-one/quote';
import { begun } from '@level-one/work';
import { OwnAccounts } from '../../ledger/own-accounts.js';
import { closeIfOver } from '../invoices/close-if-over.js';
import { InvoiceReader, type PayableInvoice, type ReadInvoice, termsOf } from '../invoices/invoice-reader.js';
import { notPayable } from './earlier-payments.service.js';
import { InvoiceQuotes } from './invoice-quotes.service.js';
import type { InvoiceOrder } from './new-payment.js';

/** What a payment of an invoice is begun with, each on its way. */
export interface PricedInvoice {
  /** The invoice as it is now. @throws ContractError 404 InvoiceNotFoundError; 422 InvoiceNotPendingError; 502 */
  invoice: Promise<ReadInvoice>;
  /** @throws ContractError as `invoice`, and as {@link InvoiceQuotes.quoteToPay} */
  quote: Promise<Quote | null>;
  /** Available balance of the payer's account, in minor units. @throws ContractError 404 NotFoundError, 502 */
  available: Promise<bigint>;
}

/** Finds out what the payment of an invoice costs, and what its payer has. */
@Injectable()
export class InvoicePrices {
  constructor(
    private readonly reader: InvoiceReader,
    private readonly notifications: InvoiceNotificationRepository,
    private readonly quotes: InvoiceQuotes,
    private readonly accounts: OwnAccounts,
  ) {}

  /** Asks for everything at the same time. */
  priceInvoice(order: InvoiceOrder): PricedInvoice {
    const available = begun(this.accounts.availableBalanceOf(order.account));
    const invoice = begun(this.readUnpaid(order));
    return { invoice, quote: begun(this.quoteWhileRead(invoice, order)), available };
  }

  /** The quote by what the invoice said when it was notified; another one if it says something else now. */
  private async quoteWhileRead(reading: Promise<ReadInvoice>, order: InvoiceOrder): Promise<Quote | null> {
    const terms = order.notification?.invoice;
    const early = terms && begun(this.reader.payableOf(terms, order).then((known) => this.quoteOf(known, order)));
    const invoice = await reading;
    if (early && isDeepStrictEqual(termsOf(invoice.view), terms)) return early;
    // Two quotes of one invoice at once would reserve the merchant's limits twice.
    await early?.catch(() => undefined);
    return this.quoteOf(invoice, order);
  }

  private quoteOf(invoice: PayableInvoice, order: InvoiceOrder): Promise<Quote | null> {
    return this.quotes.quoteToPay({ ...invoice, ...order });
  }

  /** Reads an invoice at its issuer; one that cannot be paid any more is refused, and its notification closed. */
  private async readUnpaid(order: InvoiceOrder): Promise<ReadInvoice> {
    const invoice = await this.reader.readInvoice(order.invoiceUrl, order);
    const { status } = invoice.view;
    if (order.notification) await closeIfOver(this.notifications, order.notification, status);
    if (status !== 'unpaid') throw notPayable(status);
    return invoice;
  }
}
