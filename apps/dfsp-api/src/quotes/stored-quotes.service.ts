import { Injectable } from '@nestjs/common';
import { type Quote, quoteError, QuoteErrorId, QuoteRepository, QuoteSide } from '@level-one/quote';

/** Reads quotes of this DFSP, on either side. */
@Injectable()
export class StoredQuotes {
  constructor(private readonly quotes: QuoteRepository) {}

  /** Without `side`: the payer's side, else the payee's. @throws ContractError 404 QuoteNotFoundError */
  async getQuote(paymentId: string, side?: QuoteSide): Promise<Quote> {
    const sides = side === undefined ? [QuoteSide.Debit, QuoteSide.Credit] : [side];
    for (const one of sides) {
      const quote = await this.quotes.findQuote({ paymentId, side: one });
      if (quote) return quote;
    }
    throw quoteError(QuoteErrorId.NotFound);
  }
}
