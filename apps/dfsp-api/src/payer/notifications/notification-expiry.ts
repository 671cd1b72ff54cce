import { Injectable } from '@nestjs/common';
import { InvoiceNotificationRepository } from '@level-one/invoice';
import { RoleLogger } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import { DfspApiSettings } from '../../dfsp-api.settings.js';

const BATCH = 500;

/** Marks notifications of expired invoices as expired. */
@Injectable()
export class NotificationExpiry extends Keeper {
  constructor(
    private readonly notifications: InvoiceNotificationRepository,
    settings: DfspApiSettings,
    logger: RoleLogger,
  ) {
    super({ name: 'notification expiry', intervalMs: settings.sweepIntervalMs, logger });
  }

  protected async sweep(): Promise<void> {
    await this.notifications.expireOverdue(new Date(), BATCH);
  }
}
