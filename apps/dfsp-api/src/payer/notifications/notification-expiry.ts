import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InvoiceNotificationRepository } from '@level-one/invoice';
import { RoleLogger } from '@level-one/platform';
import { Sweeper } from '@level-one/work';
import { DfspApiSettings } from '../../dfsp-api.settings.js';

const BATCH = 500;

/** Marks notifications of invoices whose time is over. */
@Injectable()
export class NotificationExpiry implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweeper: Sweeper;

  constructor(notifications: InvoiceNotificationRepository, settings: DfspApiSettings, logger: RoleLogger) {
    this.sweeper = new Sweeper({
      name: 'notification expiry',
      intervalMs: settings.sweepIntervalMs,
      sweep: async () => {
        await notifications.expireOverdue(new Date(), BATCH);
      },
      logger,
    });
  }

  onApplicationBootstrap(): void {
    this.sweeper.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweeper.stop();
  }
}
