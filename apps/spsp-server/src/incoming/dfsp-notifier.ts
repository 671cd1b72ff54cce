import { Injectable } from '@nestjs/common';
import { isClientError } from '@level-one/errors';
import { formatAmount } from '@level-one/money';
import {
  type PaymentNotificationDto,
  type PaymentTarget,
  type ReceiverPaymentStatus,
  SchemeAdapterClient,
  SpspBackendClient,
} from '@level-one/peers';
import { RoleLogger, RowKeeper } from '@level-one/platform';
import { type IssuedPayment, isPaidByRequest, type PaymentOutcome } from '../issuing/store/issued-payment.entity.js';
import { IssuedPaymentsRepository } from '../issuing/store/issued-payments.repository.js';
import { SpspServerSettings } from '../spsp-server.settings.js';

const SWEEP_INTERVAL_MS = 2_000;
const SWEEP_BATCH = 50;
/** Pause between two attempts to notify the DFSP; after a day it is given up. */
const RETRY_MS = 10_000;
const GIVE_UP_MS = 24 * 60 * 60 * 1_000;

function tellAgainAt(now: Date): Date {
  return new Date(now.getTime() + RETRY_MS);
}

/** Tells the payee's DFSP of its incoming payments (row 34, row 48 of quoted ones), of their ends until it knows. */
@Injectable()
export class DfspNotifier extends RowKeeper<IssuedPayment> {
  constructor(
    private readonly settings: SpspServerSettings,
    private readonly backend: SpspBackendClient,
    private readonly schemeAdapter: SchemeAdapterClient,
    private readonly payments: IssuedPaymentsRepository,
    private readonly logger: RoleLogger,
  ) {
    super({
      name: 'outcomes to notify',
      intervalMs: SWEEP_INTERVAL_MS,
      logger,
      traceIdOf: ({ paymentId }) => paymentId,
    });
  }

  /** Asks whether the DFSP takes a prepared payment. @throws ContractError with its reason when it does not. */
  async approve(payment: IssuedPayment): Promise<void> {
    await this.sendStatus(payment, 'prepared');
  }

  /**
   * Asks what the DFSP says to a transfer of a quoted payment (row 48): `prepared` asks to take it, `proposed` only what
   * it thinks of it. @throws ContractError with its reason when it does not take it.
   */
  async judge(notification: PaymentNotificationDto): Promise<void> {
    await this.schemeAdapter.notify(notification);
  }

  /**
   * Notifies the DFSP of the end of a payment, and records both in one write. If the DFSP cannot be notified, it is tried
   * again later. After a crash in between, the ledger's event or the sweeper leads here again.
   */
  async tellEnd(payment: IssuedPayment, outcome: PaymentOutcome, endedAt: Date): Promise<void> {
    const isOver = await this.sendEnd(payment, outcome, endedAt);
    const now = new Date();
    const toldAt = isOver ? now : null;
    await this.payments.endPayment(payment.paymentId, { outcome, endedAt, toldAt, tellAfter: tellAgainAt(now) });
  }

  protected takeDue(now: Date): Promise<IssuedPayment[]> {
    return this.payments.takeUntold(now, tellAgainAt(now), SWEEP_BATCH);
  }

  protected lookAfter(payment: IssuedPayment): Promise<void> {
    return this.tellEnd(payment, payment.outcome!, payment.endedAt!);
  }

  /** @returns whether the DFSP knows the end, or that is given up. */
  private async sendEnd(payment: IssuedPayment, outcome: PaymentOutcome, endedAt: Date): Promise<boolean> {
    const { paymentId } = payment;
    try {
      await this.sendStatus(payment, outcome);
      return true;
    } catch (err) {
      const isTooOld = Date.now() - endedAt.getTime() > GIVE_UP_MS;
      if (isClientError(err) || isTooOld) {
        this.logger.error({ err, paymentId, outcome }, 'the DFSP does not take how a payment ended');
        return true;
      }
      this.logger.warn({ err, paymentId, outcome }, 'the DFSP could not be told how a payment ended; tried again');
      return false;
    }
  }

  private async sendStatus(payment: IssuedPayment, status: ReceiverPaymentStatus): Promise<void> {
    const { paymentId, invoiceId, identifier, senderIdentifier, memo, amount, account, data, ipr } = payment;
    const destinationAmount = formatAmount(amount, this.settings.scale);
    if (isPaidByRequest(payment)) {
      const told = { destinationAmount, destinationAccount: account, ...(data === null ? {} : { data }) };
      return this.judge({ paymentId, status, transferId: paymentId, ipr: ipr!, ...told });
    }
    const target: PaymentTarget = invoiceId === null ? { identifier: identifier! } : { invoiceId };
    await this.backend.payment(target, {
      status,
      transferId: paymentId,
      paymentid: paymentId,
      ...(invoiceId === null ? {} : { invoiceId }),
      senderIdentifier: senderIdentifier!,
      destinationAmount,
      ...(memo === null ? {} : { memo }),
    });
  }
}
