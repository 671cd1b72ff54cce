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
import { RoleLogger, withTrace } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import { type IssuedPayment, isPaidByRequest } from '../issuing/store/issued-payment.entity.js';
import { IssuedPaymentsRepository } from '../issuing/store/issued-payments.repository.js';
import { SpspServerSettings } from '../spsp-server.settings.js';

const SWEEP_INTERVAL_MS = 2_000;
const SWEEP_BATCH = 50;
/** Pause between two attempts to notify the DFSP; after a day it is given up. */
const RETRY_MS = 10_000;
const GIVE_UP_MS = 24 * 60 * 60 * 1_000;

/** Time that a running request has to notify the DFSP before the sweeper does. */
export function tellAgainAt(now = new Date()): Date {
  return new Date(now.getTime() + RETRY_MS);
}

/** Tells the payee's DFSP of its incoming payments (row 34, row 48 of quoted ones), of their ends until it knows. */
@Injectable()
export class DfspNotifier extends Keeper {
  constructor(
    private readonly settings: SpspServerSettings,
    private readonly backend: SpspBackendClient,
    private readonly schemeAdapter: SchemeAdapterClient,
    private readonly payments: IssuedPaymentsRepository,
    private readonly logger: RoleLogger,
  ) {
    super({ name: 'outcomes to notify', intervalMs: SWEEP_INTERVAL_MS, logger });
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

  /** Notifies the DFSP of a payment's outcome; if that fails, it is tried again later. */
  async tellOutcome(payment: IssuedPayment): Promise<void> {
    const { paymentId, outcome, endedAt } = payment;
    if (!outcome || !endedAt || payment.toldAt) return;
    try {
      await this.sendStatus(payment, outcome);
    } catch (err) {
      const isRefused = isClientError(err);
      const isTooOld = Date.now() - endedAt.getTime() > GIVE_UP_MS;
      if (!isRefused && !isTooOld) {
        this.logger.warn({ err, paymentId, outcome }, 'the DFSP could not be told how a payment ended; tried again');
        return;
      }
      this.logger.error({ err, paymentId, outcome }, 'the DFSP does not take how a payment ended');
    }
    await this.payments.markTold(paymentId, new Date());
  }

  protected async sweep(signal: AbortSignal): Promise<void> {
    const now = new Date();
    for (const payment of await this.payments.takeUntold(now, tellAgainAt(now), SWEEP_BATCH)) {
      if (signal.aborted) return;
      await withTrace({ traceId: payment.paymentId }, () => this.tellOutcome(payment));
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
