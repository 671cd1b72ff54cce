import { Injectable } from '@nestjs/common';
import { formatAmount } from '@level-one/money';
import { RoleLogger, toContractError, withTrace } from '@level-one/platform';
import { DfspApiSettings } from '../dfsp-api.settings.js';

/** A payment at one of its sides, as far as it is known. */
export interface LoggedPayment {
  paymentId: string;
  side: 'debit' | 'credit';
  /** Minor units of the own ledger. */
  amount?: bigint | undefined;
  /** When it began. */
  since?: Date | undefined;
}

const ID = /^[A-Za-z][A-Za-z0-9_.]{0,63}$/;

/** Writes one line for each payment that has ended, and one for each that was refused before it was stored. */
@Injectable()
export class PaymentLog {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly logger: RoleLogger,
  ) {}

  /** @param reason of the rejection, as {@link rejectionOf} makes it */
  ended(payment: LoggedPayment, outcome: string, reason?: Record<string, unknown> | null): void {
    this.write(payment, { outcome, ...idIn(reason) }, 'payment ended');
  }

  refused(payment: LoggedPayment, error: unknown): void {
    const { id, status } = toContractError(error);
    this.write(payment, { outcome: 'refused', id, status }, 'payment refused');
  }

  private write({ paymentId, side, amount, since }: LoggedPayment, outcome: object, message: string): void {
    const line = {
      paymentId,
      side,
      ...outcome,
      ...(amount !== undefined && { amount: formatAmount(amount, this.settings.scale) }),
      ...(since && { durationMs: Date.now() - since.getTime() }),
    };
    withTrace({ traceId: paymentId }, () => this.logger.info(line, message));
  }
}

/** Id of a reason. Reasons come from other DFSPs, so only text in the form of an id is written. */
function idIn(reason: Record<string, unknown> | null | undefined): { id?: string } {
  const info = reason?.['additional_info'] as Record<string, unknown> | null | undefined;
  const id = [info?.['id'], reason?.['code']].find((text) => typeof text === 'string' && ID.test(text));
  return typeof id === 'string' ? { id } : {};
}
