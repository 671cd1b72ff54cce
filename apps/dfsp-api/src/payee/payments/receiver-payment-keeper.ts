import { Injectable } from '@nestjs/common';
import { RoleLogger, RowKeeper } from '@level-one/platform';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { type OwnTransfer, OwnTransfers } from '../../ledger/own-transfers.js';
import { approvedOf, ReceiverPayment, ReceiverPaymentStatus } from './receiver-payment.entity.js';
import { type FailedStatus, ReceiverPaymentsRepository } from './receiver-payments.repository.js';

type ReceiverPaymentEnd = FailedStatus | ReceiverPaymentStatus.Executed;

const BATCH = 50;
/** Payments are taken for this long: longer than a batch of questions to the ledger may take. */
const LEASE_MS = 60_000;
/** Pause between two questions about one payment. */
const ASK_AGAIN_MS = 5_000;

/**
 * Ends payments that were set up and got no further news.
 *
 * Without a transfer, a payment expires at its time: a later transfer is refused. With an approved transfer it may have
 * executed while the news was lost, so the DFSP's ledger is asked after the expiry, when its state is final. While the
 * ledger does not answer, the payment stays open.
 */
@Injectable()
export class ReceiverPaymentKeeper extends RowKeeper<ReceiverPayment> {
  constructor(
    private readonly payments: ReceiverPaymentsRepository,
    private readonly transfers: OwnTransfers,
    private readonly settings: DfspApiSettings,
    private readonly logger: RoleLogger,
  ) {
    super({
      name: 'receiver payments',
      intervalMs: settings.sweepIntervalMs,
      logger,
      traceIdOf: ({ paymentId }) => paymentId,
    });
  }

  /** Payments whose time is over. */
  protected takeDue(now: Date): Promise<ReceiverPayment[]> {
    return this.payments.takeDue(now, new Date(now.getTime() + LEASE_MS), BATCH);
  }

  protected async lookAfter(payment: ReceiverPayment, now: Date): Promise<void> {
    const { paymentId } = payment;
    if (await this.payments.abandonPayment(payment, now)) {
      this.logger.info(
        { paymentId, invoiceId: payment.invoiceId },
        'a payment that was set up expired without a transfer',
      );
      return;
    }
    // Its transfer has come in the meantime: check the payment again soon.
    if (payment.transferId === null) return this.payments.checkAgain(paymentId, this.later(ASK_AGAIN_MS));
    const graceEnds = payment.expiresAt.getTime() + this.settings.paymentGraceS * 1_000;
    if (now.getTime() < graceEnds) return this.payments.checkAgain(paymentId, new Date(graceEnds));
    const transfer = await this.transfers.findTransfer(payment.transferId);
    const outcome = this.outcomeOf(payment, transfer);
    if (outcome === undefined) return this.payments.checkAgain(paymentId, this.later(ASK_AGAIN_MS));
    this.logger.warn({ paymentId, outcome }, 'the ledger was asked for the state of a payment');
    if (outcome === ReceiverPaymentStatus.Executed) await this.payments.executePayment(payment);
    else await this.payments.failPayment(payment, outcome, transfer?.rejection);
  }

  /**
   * How the payment ended; undefined while it is open. Without a transfer it has expired: the ledger takes none after
   * the expiry. If the transfer credited another account or amount than was set up, the payment is rejected.
   */
  private outcomeOf(payment: ReceiverPayment, transfer: OwnTransfer | undefined): ReceiverPaymentEnd | undefined {
    if (!transfer || transfer.state === 'expired') return ReceiverPaymentStatus.Expired;
    if (transfer.state === 'rejected') return ReceiverPaymentStatus.Rejected;
    if (transfer.state !== 'executed') return undefined;
    if (this.transfers.creditsExactly(transfer, approvedOf(payment))) return ReceiverPaymentStatus.Executed;
    this.logger.error(
      { paymentId: payment.paymentId },
      'the executed transfer has another account or amount than the setup',
    );
    return ReceiverPaymentStatus.Rejected;
  }

  private later(ms: number): Date {
    return new Date(Date.now() + ms);
  }
}
