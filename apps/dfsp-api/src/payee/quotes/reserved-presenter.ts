import { formatShortest } from '@level-one/money';
import type { ReservedQuoteDto } from '@level-one/peers';
import type { Quote } from '@level-one/quote';
import { priceOf } from '../../quotes/quote-presenter.js';

/** Answer to hop Q.2. */
export function reservedQuoteDto(quote: Quote): ReservedQuoteDto {
  const { expiresAt, transferAmount, destinationAccount, scale } = quote;
  return {
    ...priceOf(quote),
    expiresAt: expiresAt.toISOString(),
    data: {
      transferAmount: formatShortest(transferAmount, scale),
      ...(destinationAccount === null ? {} : { destinationAccount }),
    },
  };
}
