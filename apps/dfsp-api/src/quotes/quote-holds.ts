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

/** A payment, and whether it has a quote. */
export interface HeldPayment {
  paymentId: string;
  isQuoted: boolean;
}

/** How a payment can end; `lapsed`: it expired or was never prepared. */
export type HoldEnd = 'executed' | 'rejected' | 'lapsed';

/** Request to count a payment towards limits that no quote has counted: without a quote, or of an invoice. */
export type Uncounted = Omit<LimitRequest, 'paymentId' | 'side' | 'expiresAt'>;

/**
 * Moves the quote and the limits of a payment in the transaction that moves the payment. A quote is held while its
 * transfer may be prepared, used once it is executed, and free again if it failed (contract 4.3).
 */
@Injectable()
export class QuoteHolds {
  constructor(
    private readonly quotes: QuoteRepository,
    private readonly limits: Limits,
  ) {}

  /**
   * The payment begins: its quote is held, or the payment is counted towards the limits.
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
    await this.limits.reservePayment({ ...uncounted, paymentId, side, expiresAt: null }, within);
  }

  /**
   * Holds the quote of a payment. False if the quote was not counted towards the limits when it was given.
   * @throws ContractError 404 QuoteNotFoundError; 422 QuoteExpiredError, QuoteUsedError, LimitExceededError
   */
  async holdQuote(
    side: QuoteSide,
    paymentId: string,
    within: EntityManager,
    parties: LimitParties = {},
  ): Promise<boolean> {
    const outcome = await this.quotes.holdQuote(keyOf(side, paymentId), within);
    const refusal = REFUSALS[outcome];
    if (refusal !== undefined) throw quoteError(refusal);
    return this.limits.keepReservation(paymentId, side, within, parties);
  }

  /**
   * The transfer of a payment without a quote is prepared: its reservation counts towards the limits for every payer.
   * @throws ContractError 422 LimitExceededError
   */
  async keepReservation(
    side: QuoteSide,
    paymentId: string,
    within: EntityManager,
    parties: LimitParties,
  ): Promise<void> {
    await this.limits.keepReservation(paymentId, side, within, parties);
  }

  /**
   * The payment has ended. A rejected payment counts towards the limits by default (N96, `COUNT_REJECTED`). A payment
   * that expired at the payee's side does not count, even if its quote is still valid: its only transfer has ended.
   */
  async endPayment(
    side: QuoteSide,
    { paymentId, isQuoted }: HeldPayment,
    end: HoldEnd,
    within: EntityManager,
  ): Promise<void> {
    const key = keyOf(side, paymentId);
    if (end === 'executed') {
      if (isQuoted) await this.quotes.useQuote(key, within);
      await this.limits.confirmPayment(paymentId, side, within);
      return;
    }
    const quote = isQuoted ? await this.quotes.endHold(key, within) : null;
    if (end === 'rejected') await this.limits.rejectPayment(paymentId, side, within);
    else if (side === QuoteSide.Debit && quote?.status === QuoteStatus.Reserved) {
      await this.limits.restoreExpiry(paymentId, side, quote.expiresAt, within);
    } else await this.limits.releasePayment(paymentId, side, within);
  }
}

const REFUSALS: Readonly<Record<QuoteOutcome, QuoteErrorId | undefined>> = {
  [QuoteOutcome.Done]: undefined,
  [QuoteOutcome.Used]: QuoteErrorId.Used,
  [QuoteOutcome.Expired]: QuoteErrorId.Expired,
  [QuoteOutcome.Unknown]: QuoteErrorId.NotFound,
};

function keyOf(side: QuoteSide, paymentId: string): QuoteKey {
  return { paymentId, side };
}
