import { Injectable } from '@nestjs/common';
import { canonicalDecimal, formatShortest } from '@level-one/money';
import { askedOf, type QuoteRequestDto, requestFingerprint, SchemeAdapterClient, typeName } from '@level-one/peers';
import { CommonErrorId, commonError, currentTrace, withTrace } from '@level-one/platform';
import {
  type AmountType,
  type Quote,
  type QuoteDraft,
  quoteError,
  QuoteErrorId,
  QuoteRepository,
  QuoteSide,
  type SaveQuote,
  sideColumns,
  type TransferType,
} from '@level-one/quote';
import { Limits } from '@level-one/tariff';
import { randomUUID } from 'node:crypto';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { type QuoteTerms, QuoteTermsService } from './quote-terms.service.js';
import type { QuotedPayee } from './quoted-party.js';
import { readOffer, type ReceivedOffer } from './received-offer.js';

/** Order of a client for a quote; client and account are checked. */
export interface QuoteOrder {
  /** UUID in lower case that the client chose; absent: it is chosen here. */
  paymentId?: string | undefined;
  payerIdentifier: string;
  /** Name of the payer's account; null while none is chosen, as for an invoice that is shown. */
  account: string | null;
  payee: QuotedPayee;
  transferType: TransferType;
  amountType: AmountType;
  /** Decimal text. */
  amount: string;
  currency?: string | undefined;
  invoice?: { id: string; url: string };
  /** Whether it is shown to the client before they pay. */
  isShown?: boolean;
}

/** An order with its id, which is chosen before the payee's DFSP is asked. */
type NamedOrder = QuoteOrder & { paymentId: string };

/** Gets quotes for this DFSP's clients from the payees' DFSPs (hop Q.1), and stores them. */
@Injectable()
export class OutgoingQuotesService {
  private readonly saveQuote: SaveQuote;

  constructor(
    private readonly settings: DfspApiSettings,
    private readonly terms: QuoteTermsService,
    private readonly adapter: SchemeAdapterClient,
    private readonly limits: Limits,
    private readonly quotes: QuoteRepository,
  ) {
    this.saveQuote = quotes.prepareSave('reserve_limits({1})');
  }

  /**
   * The quote of an order. It is stored before it is answered; a repeated order gets the same quote.
   * @throws ContractError 422 QuoteMismatchError, LimitExceededError, UnprocessableEntityError, and what the payee's
   * DFSP or the connectors refuse; 502
   */
  async obtainQuote(order: QuoteOrder): Promise<Quote> {
    const known = order.paymentId === undefined ? null : await this.findQuote(order.paymentId);
    if (known) return repeatedQuote(known, order);
    const { paymentId = randomUUID() } = order;
    return withTrace({ ...currentTrace(), traceId: paymentId }, () => this.askPayeeDfsp({ ...order, paymentId }));
  }

  findQuote(paymentId: string): Promise<Quote | null> {
    return this.quotes.findQuote({ paymentId, side: QuoteSide.Debit });
  }

  private async askPayeeDfsp(order: NamedOrder): Promise<Quote> {
    const { paymentId, payee, amountType } = order;
    if (payee.adapterUrl === undefined) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: "The payee's DFSP gives no quotes" });
    }
    const terms = await this.terms.termsOf(
      { ...order, currency: order.currency, isInvoice: order.invoice !== undefined },
      payee,
    );
    await this.assertWithinLimits(order, terms);
    const request = this.requestOf(order, terms, payee.adapterUrl);
    const answer = await this.adapter.quote(request);
    const offer = readOffer(answer, { paymentId, amountType, terms, payee, ownScale: this.settings.scale });
    // The payee's DFSP has given this quote before, and it has expired.
    if (offer.expiresAt <= new Date()) throw quoteError(QuoteErrorId.Expired);
    return repeatedQuote(
      await this.keepQuote(this.draftOf(order, request, terms, offer), offer.expiresAt, payee),
      order,
    );
  }

  /** The payer's limits are checked first: asking the payee would reserve its limits until the quote expires. */
  private async assertWithinLimits(order: QuoteOrder, { ownAmount }: QuoteTerms): Promise<void> {
    if (order.account === null) return;
    const { payerIdentifier, payee, transferType } = order;
    await this.limits.assertRoom({
      side: QuoteSide.Debit,
      subject: payerIdentifier,
      transferType,
      currency: this.settings.currency,
      amount: ownAmount,
      payerIdentifier,
      payeeIdentifier: payee.identifier,
      isToOneself: payee.isPayer,
    });
  }

  private requestOf(order: NamedOrder, terms: QuoteTerms, url: string): QuoteRequestDto {
    const { paymentId, payerIdentifier, payee, transferType, amountType, invoice } = order;
    const { identifier, identifierType, account, currency, scale } = payee;
    return {
      paymentId,
      payer: { identifier: payerIdentifier, identifierType: 'eur' },
      payee: { identifier, identifierType, url, ...(account === undefined ? {} : { account }) },
      transferType: typeName({ transferType, invoiceId: invoice?.id ?? null }),
      amountType,
      amount: { amount: formatShortest(terms.amount, scale), currency },
      fees: { amount: formatShortest(terms.disclosedFee, scale), currency },
    };
  }

  private draftOf(order: NamedOrder, request: QuoteRequestDto, terms: QuoteTerms, offer: ReceivedOffer): QuoteDraft {
    const { paymentId, payerIdentifier, payee, transferType, amountType, invoice, account, isShown } = order;
    return {
      paymentId,
      ...sideColumns(QuoteSide.Debit, {
        payerIdentifier,
        payerIdentifierType: 'eur',
        payeeIdentifier: payee.identifier,
        payeeIdentifierType: payee.identifierType,
      }),
      transferType,
      amountType,
      invoiceId: invoice?.id ?? null,
      receiver: invoice?.url ?? payee.receiverUrl,
      amount: terms.amount,
      transferAmount: offer.transferAmount,
      receiveAmount: offer.receiveAmount,
      charged: offer.charged,
      currency: payee.currency,
      scale: payee.scale,
      sourceAmount: offer.sourceAmount,
      fee: terms.payerFee.amount,
      commission: terms.payerCommission.amount,
      peerFee: offer.payeeFee,
      peerCommission: offer.payeeCommission,
      destinationAccount: payee.account ?? null,
      ipr: offer.ipr,
      sourceExpiryDuration: offer.sourceExpiryDuration,
      connectorAccount: offer.connectorAccount,
      shownAt: isShown ? new Date() : null,
      params: {
        request: askedOf(request),
        order: orderFingerprint(order),
        account,
        payeeName: payee.name,
        disclosedFee: terms.disclosedFee.toString(),
        feeRule: terms.payerFee.rule,
        commissionRule: terms.payerCommission.rule,
      },
    };
  }

  private async keepQuote(draft: QuoteDraft, until: Date, { isPayer }: QuotedPayee): Promise<Quote> {
    const { paymentId, ownIdentifier, identifier, transferType, sourceAmount, params } = draft;
    // An invoice may be shown many times; it counts towards the limits when it is paid.
    if (params['account'] === null) return (await this.saveQuote(draft, until, null)).quote;
    const { request, explain } = await this.limits.reservationOf({
      paymentId,
      side: QuoteSide.Debit,
      subject: ownIdentifier,
      transferType,
      currency: this.settings.currency,
      amount: sourceAmount!,
      payerIdentifier: ownIdentifier,
      payeeIdentifier: identifier,
      isToOneself: isPayer,
      expiresAt: until,
    });
    try {
      return (await this.saveQuote(draft, until, request)).quote;
    } catch (error) {
      throw explain(error);
    }
  }
}

/** Name of the payee. */
export function payeeNameOf({ params }: Quote): string {
  const { payeeName } = params;
  return typeof payeeName === 'string' ? payeeName : '';
}

function orderFingerprint(order: QuoteOrder): string {
  const { payerIdentifier, account, payee, transferType, amountType, amount, currency, invoice } = order;
  return requestFingerprint({
    payerIdentifier,
    account,
    payee: payee.identifier,
    transferType,
    amountType,
    amount: canonicalDecimal(amount),
    currency,
    invoice: invoice?.url,
  });
}

/** @throws ContractError 422 QuoteMismatchError */
function repeatedQuote(quote: Quote, order: QuoteOrder): Quote {
  if (quote.params['order'] !== orderFingerprint(order)) {
    throw quoteError(QuoteErrorId.Mismatch, { message: 'paymentId belongs to another quote' });
  }
  return quote;
}
