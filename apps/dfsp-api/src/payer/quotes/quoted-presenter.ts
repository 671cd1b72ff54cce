import { formatShortest } from '@level-one/money';
import type { Quote } from '@level-one/quote';
import { payeeNameOf } from './outgoing-quotes.service.js';
import type { QuotedDto } from './quotes.dto.js';

/** A quote as the payer's channel sees it; `own`: the unit of this DFSP's ledger. */
export function quotedDto(quote: Quote, own: { currency: string; scale: number }): QuotedDto {
  const { paymentId, fee, commission, sourceAmount, receiveAmount, peerFee, currency, scale, expiresAt } = quote;
  const { currency: ownCurrency, scale: ownScale } = own;
  const sent = sourceAmount ?? quote.transferAmount;
  return {
    paymentId,
    name: payeeNameOf(quote),
    amount: formatShortest(sent, ownScale),
    fee: formatShortest(fee, ownScale),
    commission: formatShortest(commission, ownScale),
    total: formatShortest(sent + fee, ownScale),
    currency: ownCurrency,
    receiveAmount: formatShortest(receiveAmount, scale),
    payeeFee: formatShortest(peerFee, scale),
    receiveCurrency: currency,
    expiresAt: expiresAt.toISOString(),
  };
}
