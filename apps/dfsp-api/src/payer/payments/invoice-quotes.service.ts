import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { RoleLogger } from '@level-one/platform';
import {
  AmountType,
  type LastQuoteKey,
  type Quote,
  quoteError,
  QuoteErrorId,
  quoteMismatch,
  QuoteRepository,
  QuoteStatus,
} from '@level-one/quote';
import { formatShortest } from '@level-one/money';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import type { PayableInvoice } from '../invoices/invoice-reader.js';
import { OutgoingQuotesService } from '../quotes/outgoing-quotes.service.js';
import { QuotedPayees } from '../quotes/quoted-payees.service.js';

/** An invoice, and the client who would pay it. */
export interface InvoiceToPay extends PayableInvoice {
  invoiceUrl: string;
  payerIdentifier: string;
}

/** A shown quote is valid for at least this long, so that the client has time to agree to it. */
const SHOWN_MS_MIN = 60_000;
/** A quote must be valid for this long when it is paid. */
const PAID_MS_MIN = 2_000;

/** A quote, and whether its payment was tried: the ledgers keep the id of every payment, so it is paid once at most. */
type TriedQuote = Quote & { isTried: boolean };
const IS_TRIED = `
  EXISTS (SELECT FROM outgoing_payments WHERE outgoing_payments.payment_id = quotes.payment_id) AS "isTried"`;

/**
 * Quotes of invoices (ruling 12). The quote is made when the client reads an invoice, and the same quote is paid when
 * they agree: fee and amount are what they saw.
 */
@Injectable()
export class InvoiceQuotes {
  private readonly findLast: (key: LastQuoteKey) => Promise<TriedQuote | null>;
  private readonly findLastShown: (key: LastQuoteKey) => Promise<TriedQuote | null>;

  constructor(
    private readonly settings: DfspApiSettings,
    private readonly payees: QuotedPayees,
    private readonly outgoing: OutgoingQuotesService,
    private readonly logger: RoleLogger,
    quotes: QuoteRepository,
  ) {
    this.findLast = quotes.prepareFindLast({ isShown: false }, IS_TRIED);
    this.findLastShown = quotes.prepareFindLast({ isShown: true }, IS_TRIED);
  }

  /** The quote that the client was shown last, if it has no payment; else null. */
  async findUnpaid({
    invoiceUrl,
    payerIdentifier,
  }: Pick<InvoiceToPay, 'invoiceUrl' | 'payerIdentifier'>): Promise<Quote | null> {
    const last = await this.findLastShown({ receiver: invoiceUrl, payerIdentifier });
    return last?.isTried ? null : last;
  }

  /** The quote to show to the client; null if none can be got. Its payment is then refused with the reason. */
  async quoteToShow(invoice: InvoiceToPay): Promise<Quote | null> {
    try {
      const last = await this.lastShown(invoice);
      if (last !== null && isOf(last, invoice) && isPayable(last, SHOWN_MS_MIN)) return last;
      return await this.freshQuote(invoice, { isShown: true });
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      this.logger.info(
        { err: error, invoiceUrl: invoice.invoiceUrl },
        'an invoice is shown without a quote, because none could be got',
      );
      return null;
    }
  }

  /**
   * The quote to pay: the one that was shown last, or a new one of the same price; null if the merchant's DFSP gives no
   * quotes.
   * @throws ContractError 422 QuoteMismatchError if the invoice has another amount than the one that was shown;
   * QuoteExpiredError if the price has changed, or was never shown and is in another currency; and as
   * {@link OutgoingQuotesService.obtainQuote}
   */
  async quoteToPay(invoice: InvoiceToPay): Promise<Quote | null> {
    const last = await this.lastShown(invoice);
    const seen = last !== null && last.status !== QuoteStatus.Used ? last : null;
    if (seen && !isOf(seen, invoice)) throw otherAmount(seen, invoice);
    if (seen && isPayable(seen, PAID_MS_MIN)) return seen;
    const fresh = (await this.lastUnpaid(invoice)) ?? (await this.freshQuote(invoice, { isShown: false }));
    if (fresh && !this.isAgreed(fresh, seen)) {
      throw quoteError(QuoteErrorId.Expired, { message: 'The price has changed; look at the invoice again' });
    }
    return fresh;
  }

  /**
   * A client who pays without having seen a quote agrees to the invoice's amount and the usual fee, not to an exchange
   * rate.
   */
  private isAgreed(fresh: Quote, seen: Quote | null): boolean {
    if (seen) return fresh.sourceAmount === seen.sourceAmount && fresh.fee === seen.fee;
    return fresh.currency === this.settings.currency && fresh.scale === this.settings.scale;
  }

  private lastShown({ invoiceUrl: receiver, payerIdentifier }: InvoiceToPay): Promise<TriedQuote | null> {
    return this.findLastShown({ receiver, payerIdentifier });
  }

  /** The quote of an attempt that was refused before anything was sent. */
  private async lastUnpaid(invoice: InvoiceToPay): Promise<Quote | null> {
    const { invoiceUrl: receiver, payerIdentifier } = invoice;
    const last = await this.findLast({ receiver, payerIdentifier });
    return last && isOf(last, invoice) && isAskedFor(last, invoice) && isPayable(last, PAID_MS_MIN) ? last : null;
  }

  private async freshQuote(
    { invoiceUrl, payerIdentifier, view, transferType }: InvoiceToPay,
    { isShown }: { isShown: boolean },
  ): Promise<Quote | null> {
    const payee = await this.payees.merchantOf(view, invoiceUrl, payerIdentifier);
    if (payee.adapterUrl === undefined) return null;
    return this.outgoing.obtainQuote({
      payerIdentifier,
      account: null,
      payee,
      transferType,
      amountType: AmountType.Send,
      amount: view.amount,
      currency: view.currencyCode,
      invoice: { id: view.invoiceId, url: invoiceUrl },
      isShown,
    });
  }
}

function isPayable({ status, expiresAt, isTried }: TriedQuote, lastsMs: number): boolean {
  return status === QuoteStatus.Reserved && expiresAt.getTime() - Date.now() > lastsMs && !isTried;
}

/** Whether the quote has the amount and currency of the invoice. */
function isOf(quote: Quote, invoice: InvoiceToPay): boolean {
  return quote.transferAmount === invoice.amount && quote.currency === invoice.view.currencyCode;
}

/** Whether the quote was asked for with what decides its fees. */
function isAskedFor({ transferType, identifier }: Quote, invoice: InvoiceToPay): boolean {
  return transferType === invoice.transferType && identifier === invoice.view.merchantIdentifier;
}

function otherAmount({ transferAmount, scale }: Quote, { view }: InvoiceToPay): Error {
  const expected = formatShortest(transferAmount, scale);
  return quoteMismatch([{ field: 'amount', expected, actual: view.amount }]);
}
