import { Injectable } from '@nestjs/common';
import { InvoiceRepository } from '@level-one/invoice';
import { RoleLogger } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import { DfspApiSettings } from '../../dfsp-api.settings.js';

const BATCH = 500;

/**
 * Marks expired invoices as expired. Reads and moves of an invoice check its expiry too, so that they do not depend on
 * it.
 */
@Injectable()
export class InvoiceExpiry extends Keeper {
  constructor(
    private readonly invoices: InvoiceRepository,
    settings: DfspApiSettings,
    logger: RoleLogger,
  ) {
    super({ name: 'invoice expiry', intervalMs: settings.sweepIntervalMs, logger });
  }

  protected async sweep(): Promise<void> {
    await this.invoices.expireOverdue(new Date(), BATCH);
  }
}
