import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import {
  InvoiceErrorId,
  type InvoiceNotification,
  InvoiceNotificationRepository,
  type SpspInvoiceStatus,
} from '@level-one/invoice';
import { SpspClientProxyClient } from '@level-one/peers';
import { RoleLogger, RowKeeper } from '@level-one/platform';
import { deadlineFrom, pauseAfter } from '@level-one/work';
import { DfspApiSettings } from '../../dfsp-api.settings.js';

const LANES = 4;
/** A notification is taken for this long: longer than row 14 may take. */
const LEASE_MS = 15_000;

/**
 * Reads the invoices of pending notifications at their issuers from time to time, so that a notification ends like its
 * invoice also if nobody told this DFSP, or it was away then.
 */
@Injectable()
export class NotificationChecker extends RowKeeper<InvoiceNotification> {
  constructor(
    private readonly notifications: InvoiceNotificationRepository,
    private readonly proxy: SpspClientProxyClient,
    private readonly settings: DfspApiSettings,
    logger: RoleLogger,
  ) {
    super({
      name: 'pending notifications',
      intervalMs: settings.sweepIntervalMs,
      logger,
      traceIdOf: ({ id }) => id,
      lanes: LANES,
    });
  }

  protected takeDue(now: Date): Promise<InvoiceNotification[]> {
    return this.notifications.takeUnchecked(now, new Date(Date.now() + LEASE_MS));
  }

  protected async lookAfter(notification: InvoiceNotification): Promise<void> {
    const { id, checks } = notification;
    const status = await this.statusOf(notification);
    if (status !== undefined && (await this.notifications.endLikeInvoice(id, status)) !== undefined) return;
    const { notificationCheckS, notificationCheckMaxS } = this.settings;
    const pauseMs = pauseAfter(checks, { firstMs: notificationCheckS * 1_000, maxMs: notificationCheckMaxS * 1_000 });
    await this.notifications.checkAgain(id, new Date(Date.now() + pauseMs));
  }

  /** Status at the issuer; undefined if it cannot be read now. One that the issuer no longer knows has expired. */
  private async statusOf({ invoiceUrl, createdAt }: InvoiceNotification): Promise<SpspInvoiceStatus | undefined> {
    try {
      return (await this.proxy.invoice(invoiceUrl)).status;
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      const isGone = error.id === InvoiceErrorId.NotFound && deadlineFrom(createdAt, this.settings) < new Date();
      return isGone ? 'expired' : undefined;
    }
  }
}
