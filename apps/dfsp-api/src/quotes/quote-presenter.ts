import { formatShortest } from '@level-one/money';
import type { AskedQuote, QuoteDto, QuotePriceDto } from '@level-one/peers';
import { type Quote, QuoteSide } from '@level-one/quote';

type QuotePrice = { [Member in keyof QuotePriceDto]: QuotePriceDto[Member] };

/** Answer of row 46: request, price and status of a quote. */
export function storedQuoteDto(quote: Quote): QuoteDto {
  const { destinationAccount, ipr, sourceExpiryDuration, connectorAccount, expiresAt, status } = quote;
  const asked = askedIn(quote);
  return {
    ...asked,
    payee: { ...(destinationAccount === null ? {} : { account: destinationAccount }), ...asked.payee },
    ...priceOf(quote),
    ...(ipr === null ? {} : { ipr }),
    ...(sourceExpiryDuration === null ? {} : { sourceExpiryDuration }),
    ...(connectorAccount === null ? {} : { connectorAccount }),
    expiresAt: expiresAt.toISOString(),
    status,
  };
}

/** The price of a quote on either side, amounts in their shortest form (contract 0.3). */
export function priceOf(quote: Quote): QuotePrice {
  const { paymentId, receiveAmount, currency, scale } = quote;
  const [payeeFee, payeeCommission] =
    quote.side === QuoteSide.Debit ? [quote.peerFee, quote.peerCommission] : [quote.fee, quote.commission];
  const money = (amount: bigint) => ({ amount: formatShortest(amount, scale), currency });
  return {
    paymentId,
    receiveAmount: money(receiveAmount),
    payeeFee: money(payeeFee),
    payeeCommission: money(payeeCommission),
  };
}

/** The request of a quote, which is stored with it. */
function askedIn({ params }: Quote): AskedQuote {
  return params['request'] as AskedQuote;
}
