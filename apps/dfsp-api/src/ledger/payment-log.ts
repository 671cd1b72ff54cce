import { Injectable } from '@nestjs/common';
import { formatAmount } from '@level-one/money';
import { BoundedValues, joinPayment, RoleLogger, RoleMetrics, toContractError, withTrace } from '@level-one/platform';
import { DfspApiSettings } from '../dfsp-api.settings.js';

/** A payment at one of its sides, as far as it is known. */
export interface LoggedPayment {
  paymentId: string;
  side: 'debit' | 'credit';
  /** Minor units of the own ledger. */
  amount?: bigint | undefined;
  /** When it began. */
  since?: Date | undefined;
  /** When it ended, if that is not now. */
  until?: Date | undefined;
}

/** Different reasons that are counted apart; they may come from other DFSPs. */
const REASONS_MAX = 50;
const ID = /^[A-Za-z][A-Za-z0-9_.]{0,63}$/;

/** Writes one line for each payment that has ended, and one for each that was refused before it was stored; counts them. */
@Injectable()
export class PaymentLog {
  private readonly payments: ReturnType<RoleMetrics['counter']>;
  private readonly durations: ReturnType<RoleMetrics['histogram']>;
  private readonly reasons = new BoundedValues(REASONS_MAX);

  constructor(
    private readonly settings: DfspApiSettings,
    private readonly logger: RoleLogger,
    metrics: RoleMetrics,
  ) {
    this.payments = metrics.counter('levelone_payments_total');
    this.durations = metrics.histogram('levelone_payment_duration_seconds');
  }

  /** @param reason of the rejection, as {@link rejectionOf} makes it */
  ended(payment: LoggedPayment, outcome: string, reason?: Record<string, unknown> | null): void {
    this.count(payment, outcome, idIn(reason).id);
    this.write(payment, { outcome, ...idIn(reason) }, 'payment ended');
  }

  refused(payment: LoggedPayment, error: unknown): void {
    // No further step would tell of it.
    joinPayment(payment.paymentId);
    const { id, status } = toContractError(error);
    this.count(payment, 'refused', id);
    this.write(payment, { outcome: 'refused', id, status }, 'payment refused');
  }

  private count({ side, since, until }: LoggedPayment, outcome: string, reason = 'none'): void {
    this.payments.inc({ side: side === 'debit' ? 'payer' : 'payee', outcome, reason: this.reasons.bounded(reason) });
    if (since) this.durations.observe({ outcome }, Math.max(0, durationMs(since, until)) / 1_000);
  }

  private write({ paymentId, side, amount, since, until }: LoggedPayment, outcome: object, message: string): void {
    const line = {
      paymentId,
      side,
      ...outcome,
      ...(amount !== undefined && { amount: formatAmount(amount, this.settings.scale) }),
      ...(since && { durationMs: durationMs(since, until) }),
    };
    withTrace({ traceId: paymentId }, () => this.logger.info(line, message));
  }
}

function durationMs(since: Date, until = new Date()): number {
  return until.getTime() - since.getTime();
}

/** Id of a reason. Reasons come from other DFSPs, so only text in the form of an id is written. */
function idIn(reason: Record<string, unknown> | null | undefined): { id?: string } {
  const info = reason?.['additional_info'] as Record<string, unknown> | null | undefined;
  const id = [info?.['id'], reason?.['code']].find((text) => typeof text === 'string' && ID.test(text));
  return typeof id === 'string' ? { id } : {};
}
