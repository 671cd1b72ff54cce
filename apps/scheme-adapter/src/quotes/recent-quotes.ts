import { Injectable } from '@nestjs/common';
import { askedOf, type QuoteDto, type QuoteRequestDto, type QuoteResponseDto } from '@level-one/peers';

/** Maximum of quotes in memory; the oldest are dropped. */
const QUOTES_MAX = 10_000;

interface RecentQuote {
  answer: Omit<QuoteDto, 'expiresAt' | 'status'>;
  expiresAt: Date;
  isUsed: boolean;
}

/**
 * Quotes that were got through this scheme adapter by callers other than the DFSP's API, which stores its own. In
 * memory only: they are lost at a restart, and no money depends on them.
 */
@Injectable()
export class RecentQuotes {
  private readonly quotes = new Map<string, RecentQuote>();

  keepQuote(
    request: QuoteRequestDto,
    { sourceAmount: _internal, ...response }: QuoteResponseDto,
    expiresAt: Date,
  ): void {
    const { paymentId } = response;
    const isUsed = this.quotes.get(paymentId)?.isUsed ?? false;
    this.quotes.delete(paymentId);
    this.quotes.set(paymentId, { answer: { ...askedOf(request), ...response }, expiresAt, isUsed });
    if (this.quotes.size > QUOTES_MAX) this.quotes.delete(this.quotes.keys().next().value!);
  }

  /** Marks a quote as used: its payment was executed. */
  markUsed(paymentId: string): void {
    const quote = this.quotes.get(paymentId);
    if (quote) quote.isUsed = true;
  }

  findQuote(paymentId: string): QuoteDto | undefined {
    const quote = this.quotes.get(paymentId);
    if (!quote) return undefined;
    const { answer, expiresAt, isUsed } = quote;
    const isOver = expiresAt <= new Date();
    return { ...answer, expiresAt: expiresAt.toISOString(), status: isUsed ? 'used' : isOver ? 'expired' : 'reserved' };
  }
}
