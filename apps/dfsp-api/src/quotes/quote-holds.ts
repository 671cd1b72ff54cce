import { Injectable } from '@nestjs/common';
import {
  Limits,
  type LimitRequest,
  QuoteErrorId,
  quoteError,
  type QuoteKey,
  QuoteOutcome,
  QuoteRepository,
  QuoteSide,
} from '@level-one/quote';
import type { EntityManager } from 'typeorm';

/** A payment, as far as its quote and its limits go. */
export interface HeldPayment {
  paymentId: string;
  isQuoted: boolean;
}

/** How a payment can end; `lapsed`: it expired, or never was prepared. */
export type HoldEnd = 'executed' | 'rejected' | 'lapsed';

/** What is counted of a payment without a quote: with one, the quote was counted. */
export type Unquoted = Omit<LimitRequest, 'paymentId' | 'side' | 'expiresAt'>;

/**
 * Moves a payment's quote and what it takes of limits together with the payment itself, in its transaction. A quote is
 * held while its transfer may be prepared, used when it is executed, and free again when it failed (contract 4.3).
 */
@Injectable()
export class QuoteHolds {
  constructor(
    private readonly quotes: QuoteRepository,
    private readonly limits: Limits,
  ) {}

  /**
   * The payment begins: its quote is held, or what it is of is counted now.
   * @throws ContractError 404 QuoteNotFoundError; 422 QuoteExpiredError, QuoteUsedError; LimitExceededError
   */
  async begin(side: QuoteSide, payment: HeldPayment, unquoted: Unquoted, within: EntityManager): Promise<void> {
    const { paymentId, isQuoted } = payment;
    if (isQuoted) return this.hold(side, paymentId, within);
    await this.limits.reserve({ ...unquoted, paymentId, side, expiresAt: null }, within);
  }

  /** @throws ContractError 404 QuoteNotFoundError; 422 QuoteExpiredError, QuoteUsedError */
  async hold(side: QuoteSide, paymentId: string, within: EntityManager): Promise<void> {
    const outcome = await this.quotes.hold(keyOf(side, paymentId), within);
    const refusal = REFUSALS[outcome];
    if (refusal !== undefined) throw quoteError(refusal);
    await this.limits.keep(paymentId, side, within);
  }

  /** The payment is over. What was prepared counts, by default, also when it was rejected (N96). */
  async end(side: QuoteSide, { paymentId, isQuoted }: HeldPayment, end: HoldEnd, within: EntityManager): Promise<void> {
    const key = keyOf(side, paymentId);
    if (isQuoted) await (end === 'executed' ? this.quotes.use(key, within) : this.quotes.unhold(key, within));
    if (end === 'executed') await this.limits.confirm(paymentId, side, within);
    else if (end === 'rejected') await this.limits.reject(paymentId, side, within);
    else await this.limits.release(paymentId, side, within);
  }
}

const REFUSALS: Readonly<Record<QuoteOutcome, QuoteErrorId | undefined>> = {
  [QuoteOutcome.Done]: undefined,
  [QuoteOutcome.Used]: QuoteErrorId.Used,
  [QuoteOutcome.Expired]: QuoteErrorId.Expired,
  [QuoteOutcome.Unknown]: QuoteErrorId.NotFound,
};

function keyOf(side: QuoteSide, paymentId: string): QuoteKey {
  return { paymentId, isDebit: side === QuoteSide.Debit };
}
