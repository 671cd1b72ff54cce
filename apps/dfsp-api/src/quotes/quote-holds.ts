import { Injectable } from '@nestjs/common';
import {
  quoteError,
  QuoteErrorId,
  type QuoteKey,
  QuoteOutcome,
  QuoteRepository,
  QuoteSide,
  QuoteStatus,
} from '@level-one/quote';
import { type LimitParties, type LimitRequest, Limits } from '@level-one/tariff';
import type { EntityManager } from 'typeorm';

/** A payment, as far as its quote and its limits go. */
export interface HeldPayment {
  paymentId: string;
  isQuoted: boolean;
}

/** How a payment can end; `lapsed`: it expired, or never was prepared. */
export type HoldEnd = 'executed' | 'rejected' | 'lapsed';

/** What is counted of a payment that no quote was counted of before: one without, or one of an invoice. */
export type Uncounted = Omit<LimitRequest, 'paymentId' | 'side' | 'expiresAt'>;

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
  async beginPayment(
    side: QuoteSide,
    payment: HeldPayment,
    uncounted: Uncounted,
    within: EntityManager,
  ): Promise<void> {
    const { paymentId, isQuoted } = payment;
    if (isQuoted && (await this.holdQuote(side, paymentId, within))) return;
    await this.limits.reserve({ ...uncounted, paymentId, side, expiresAt: null }, within);
  }

  /**
   * False when the quote was not counted when it was given.
   * @throws ContractError 404 QuoteNotFoundError; 422 QuoteExpiredError, QuoteUsedError, LimitExceededError
   */
  async holdQuote(
    side: QuoteSide,
    paymentId: string,
    within: EntityManager,
    parties: LimitParties = {},
  ): Promise<boolean> {
    const outcome = await this.quotes.hold(keyOf(side, paymentId), within);
    const refusal = REFUSALS[outcome];
    if (refusal !== undefined) throw quoteError(refusal);
    return this.limits.keep(paymentId, side, within, parties);
  }

  /**
   * The money of a payment without a quote waits at the ledger: what was reserved for it counts against everybody.
   * @throws ContractError 422 LimitExceededError
   */
  async keepReservation(
    side: QuoteSide,
    paymentId: string,
    within: EntityManager,
    parties: LimitParties,
  ): Promise<void> {
    await this.limits.keep(paymentId, side, within, parties);
  }

  /**
   * The payment is over. What was prepared counts, by default, also when it was rejected (N96). What had expired at the
   * payee's counts no longer, though its quote may last: the quote's one transfer is over, and others are not to be kept
   * from the payee's limits by money that went back.
   */
  async endPayment(
    side: QuoteSide,
    { paymentId, isQuoted }: HeldPayment,
    end: HoldEnd,
    within: EntityManager,
  ): Promise<void> {
    const key = keyOf(side, paymentId);
    if (end === 'executed') {
      if (isQuoted) await this.quotes.use(key, within);
      await this.limits.confirm(paymentId, side, within);
      return;
    }
    const quote = isQuoted ? await this.quotes.unhold(key, within) : null;
    if (end === 'rejected') await this.limits.reject(paymentId, side, within);
    else if (side === QuoteSide.Debit && quote?.status === QuoteStatus.Reserved) {
      await this.limits.lapse(paymentId, side, quote.expiresAt, within);
    } else await this.limits.release(paymentId, side, within);
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
