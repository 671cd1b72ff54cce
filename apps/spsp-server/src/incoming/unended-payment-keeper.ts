import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { LedgerClient, type WireTransfer } from '@level-one/peers';
import { RoleLogger, RowKeeper } from '@level-one/platform';
import { KNOWN_MS_AFTER_EXPIRY } from '../issuing/payment-requests.js';
import type { IssuedPayment } from '../issuing/store/issued-payment.entity.js';
import { IssuedPaymentsRepository } from '../issuing/store/issued-payments.repository.js';
import { SpspServerSettings } from '../spsp-server.settings.js';
import { IncomingPaymentsService } from './incoming-payments.service.js';

const SWEEP_INTERVAL_MS = 5_000;
const BATCH = 5;
const LANES = 4;
/** Payments are taken for this long: longer than the questions of one batch may take. */
const LEASE_MS = 60_000;

/**
 * Asks the ledger for the ends of payments that have expired without an event, and forgets those that never came, so
 * that other DFSPs cannot fill the table. While the ledger does not answer, nothing is forgotten.
 */
@Injectable()
export class UnendedPaymentKeeper extends RowKeeper<IssuedPayment> {
  constructor(
    private readonly payments: IssuedPaymentsRepository,
    private readonly incoming: IncomingPaymentsService,
    private readonly ledger: LedgerClient,
    private readonly settings: SpspServerSettings,
    logger: RoleLogger,
  ) {
    const traceIdOf = ({ paymentId }: IssuedPayment): string => paymentId;
    super({ name: 'payments without an end', intervalMs: SWEEP_INTERVAL_MS, logger, traceIdOf, lanes: LANES });
  }

  protected takeDue(now: Date): Promise<IssuedPayment[]> {
    const before = new Date(now.getTime() - this.settings.outcomeCheckS * 1_000);
    return this.payments.takeUnended(before, now, { until: new Date(Date.now() + LEASE_MS), limit: BATCH });
  }

  protected async lookAfter(payment: IssuedPayment): Promise<void> {
    const { paymentId, expiresAt } = payment;
    const transfer = await this.transferOf(paymentId);
    if (transfer && !isOver(transfer)) return this.putBack(payment);
    if (transfer && (await this.incoming.learnEnd(payment, transfer))) return;
    const keptUntil = expiresAt.getTime() + KNOWN_MS_AFTER_EXPIRY;
    const now = Date.now();
    if (now >= keptUntil) return this.payments.dropPayment(paymentId);
    // A request may be paid late: its transfer begins after the expiry, and the event of its end may be lost.
    // The pauses grow with its age, so that its end is known after at most half as long again.
    const ageMs = now - expiresAt.getTime();
    await this.askAgain(paymentId, Math.min(keptUntil, now + ageMs / 2));
  }

  protected override putBack({ paymentId }: IssuedPayment): Promise<void> {
    return this.askAgain(paymentId, Date.now() + this.settings.outcomeCheckS * 1_000);
  }

  private askAgain(paymentId: string, at: number): Promise<void> {
    return this.payments.askAgain(paymentId, new Date(at));
  }

  /** Undefined if the ledger has none. @throws ContractError 502, 503 */
  private async transferOf(paymentId: string): Promise<WireTransfer | undefined> {
    try {
      return await this.ledger.transfer(paymentId);
    } catch (error) {
      if (error instanceof ContractError && error.status === 404) return undefined;
      throw error;
    }
  }
}

function isOver({ state }: WireTransfer): boolean {
  return state === 'executed' || state === 'rejected';
}
