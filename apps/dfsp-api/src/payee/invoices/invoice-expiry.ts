import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InvoiceRepository } from '@level-one/invoice';
import { RoleLogger } from '@level-one/platform';
import { Sweeper } from '@level-one/work';
import { DfspApiSettings } from '../../dfsp-api.settings.js';

const BATCH = 500;

/** Marks invoices whose time is over. Until it comes by, everything that reads or moves an invoice looks at the time. */
@Injectable()
export class InvoiceExpiry implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweeper: Sweeper;

  constructor(invoices: InvoiceRepository, settings: DfspApiSettings, logger: RoleLogger) {
    this.sweeper = new Sweeper({
      name: 'invoice expiry',
      intervalMs: settings.sweepIntervalMs,
      sweep: async () => {
        await invoices.expireOverdue(new Date(), BATCH);
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
