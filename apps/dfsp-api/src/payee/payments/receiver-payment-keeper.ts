import { Injectable } from '@nestjs/common';
import { RoleLogger, withTrace } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { type OwnTransfer, OwnTransfers } from '../../ledger/own-transfers.js';
import { approvedOf, ReceiverPayment, ReceiverPaymentStatus } from './receiver-payment.entity.js';
import { type FailedStatus, ReceiverPaymentsRepository } from './receiver-payments.repository.js';

type ReceiverPaymentEnd = FailedStatus | ReceiverPaymentStatus.Executed;

const BATCH = 50;
/** Longer than a batch of questions to the ledger may take. */
const LEASE_MS = 60_000;
/** Pause between two questions about one payment. */
const ASK_AGAIN_MS = 5_000;

/**
 * Owner of payments that were set up and of which nothing more is heard.
 *
 * One that no transfer was seen of is given up when its time is over: a transfer that came later would be refused.
 * One whose transfer was approved may have executed without our being told, so the DFSP's ledger is asked, which
 * refuses to fulfil after the expiry and therefore gives a final answer then. While it gives none, nothing is done.
 */
@Injectable()
export class ReceiverPaymentKeeper extends Keeper {
  constructor(
    private readonly payments: ReceiverPaymentsRepository,
    private readonly transfers: OwnTransfers,
    private readonly settings: DfspApiSettings,
    private readonly logger: RoleLogger,
  ) {
    super({ name: 'receiver payments', intervalMs: settings.sweepIntervalMs, logger });
  }

  protected sweep(signal: AbortSignal): Promise<void> {
    return this.lookAfterDue(signal);
  }

  /** Looks after every payment whose time is over. */
  async lookAfterDue(signal?: AbortSignal): Promise<void> {
    const now = new Date();
    for (const payment of await this.payments.takeDue(now, new Date(now.getTime() + LEASE_MS), BATCH)) {
      if (signal?.aborted) return;
      await withTrace({ traceId: payment.paymentId }, () => this.tryToLookAfter(payment, now));
    }
  }

  /** One payment nothing can be learnt of must not keep the others waiting. */
  private async tryToLookAfter(payment: ReceiverPayment, now: Date): Promise<void> {
    try {
      await this.lookAfter(payment, now);
    } catch (err) {
      this.logger.error({ err, paymentId: payment.paymentId }, 'could not learn what became of a payment');
    }
  }

  private async lookAfter(payment: ReceiverPayment, now: Date): Promise<void> {
    const { paymentId } = payment;
    if (await this.payments.abandonPayment(payment, now)) {
      this.logger.info({ paymentId, invoiceId: payment.invoiceId }, 'payment was set up and never came');
      return;
    }
    // Its transfer may have come after it was taken; then the lease is over soon enough.
    if (payment.transferId === null) return this.payments.checkAgain(paymentId, this.later(ASK_AGAIN_MS));
    const graceEnds = payment.expiresAt.getTime() + this.settings.paymentGraceS * 1_000;
    if (now.getTime() < graceEnds) return this.payments.checkAgain(paymentId, new Date(graceEnds));
    const outcome = this.outcomeOf(payment, await this.transfers.findTransfer(payment.transferId));
    if (outcome === undefined) return this.payments.checkAgain(paymentId, this.later(ASK_AGAIN_MS));
    this.logger.warn({ paymentId, outcome }, 'asked the ledger what became of a payment');
    if (outcome === ReceiverPaymentStatus.Executed) await this.payments.executePayment(payment);
    else await this.payments.failPayment(payment, outcome);
  }

  /**
   * Undefined while it is open. A transfer that is not there counts as expired: after its time the ledger takes it no
   * more. One that executed as another payment than this leaves this one without its money.
   */
  private outcomeOf(payment: ReceiverPayment, transfer: OwnTransfer | undefined): ReceiverPaymentEnd | undefined {
    if (!transfer || transfer.state === 'expired') return ReceiverPaymentStatus.Expired;
    if (transfer.state === 'rejected') return ReceiverPaymentStatus.Rejected;
    if (transfer.state !== 'executed') return undefined;
    if (this.transfers.creditsExactly(transfer, approvedOf(payment))) return ReceiverPaymentStatus.Executed;
    this.logger.error({ paymentId: payment.paymentId }, 'a transfer that is not the one that was set up was executed');
    return ReceiverPaymentStatus.Rejected;
  }

  private later(ms: number): Date {
    return new Date(Date.now() + ms);
  }
}
