import { Injectable } from '@nestjs/common';
import { formatShortest } from '@level-one/money';
import type { AskedQuote, QuoteDto, QuotePriceDto, ReservedQuoteDto } from '@level-one/peers';
import type { Quote } from '@level-one/quote';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import type { QuotedDto } from '../payer/quotes/quotes.dto.js';

type Price = { [Member in keyof QuotePriceDto]: QuotePriceDto[Member] };

/** Prints quotes, amounts in their shortest form (contract 0.3). */
@Injectable()
export class QuotePresenter {
  constructor(private readonly settings: DfspApiSettings) {}

  /** Answer to hop Q.2. */
  reserved(quote: Quote): ReservedQuoteDto {
    const { expiresAt, transferAmount, destinationAccount, scale } = quote;
    return {
      ...this.priceOf(quote),
      expiresAt: expiresAt.toISOString(),
      data: {
        transferAmount: formatShortest(transferAmount, scale),
        ...(destinationAccount === null ? {} : { destinationAccount }),
      },
    };
  }

  /** Answer of row 46: what was asked and answered, and what has become of it. */
  stored(quote: Quote): QuoteDto {
    const { destinationAccount, ipr, sourceExpiryDuration, connectorAccount, expiresAt, status } = quote;
    const asked = askedIn(quote);
    return {
      ...asked,
      payee: { ...(destinationAccount === null ? {} : { account: destinationAccount }), ...asked.payee },
      ...this.priceOf(quote),
      ...(ipr === null ? {} : { ipr }),
      ...(sourceExpiryDuration === null ? {} : { sourceExpiryDuration }),
      ...(connectorAccount === null ? {} : { connectorAccount }),
      expiresAt: expiresAt.toISOString(),
      status,
    };
  }

  /** What the payer's channel shows. */
  quoted(quote: Quote, name: string): QuotedDto {
    const { paymentId, fee, commission, sourceAmount, receiveAmount, peerFee, currency, scale, expiresAt } = quote;
    const { currency: own, scale: ownScale } = this.settings;
    const sent = sourceAmount ?? quote.transferAmount;
    return {
      paymentId,
      name,
      amount: formatShortest(sent, ownScale),
      fee: formatShortest(fee, ownScale),
      commission: formatShortest(commission, ownScale),
      total: formatShortest(sent + fee, ownScale),
      currency: own,
      receiveAmount: formatShortest(receiveAmount, scale),
      payeeFee: formatShortest(peerFee, scale),
      receiveCurrency: currency,
      expiresAt: expiresAt.toISOString(),
    };
  }

  private priceOf(quote: Quote): Price {
    const { paymentId, receiveAmount, currency, scale } = quote;
    const [payeeFee, payeeCommission] = quote.isDebit
      ? [quote.peerFee, quote.peerCommission]
      : [quote.fee, quote.commission];
    const money = (amount: bigint) => ({ amount: formatShortest(amount, scale), currency });
    return {
      paymentId,
      receiveAmount: money(receiveAmount),
      payeeFee: money(payeeFee),
      payeeCommission: money(payeeCommission),
    };
  }
}

/** The request of a quote, which is stored with it. */
function askedIn({ params }: Quote): AskedQuote {
  return params['request'] as AskedQuote;
}
