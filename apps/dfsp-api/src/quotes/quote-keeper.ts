import { Injectable } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { Keeper, workInBatches } from '@level-one/work';
import { QuoteRepository } from '@level-one/quote';
import { Limits } from '@level-one/tariff';
import { DfspApiSettings } from '../dfsp-api.settings.js';

const BATCH = 500;

/** Expires quotes, and releases their part of the limits. */
@Injectable()
export class QuoteKeeper extends Keeper {
  constructor(
    private readonly quotes: QuoteRepository,
    private readonly limits: Limits,
    settings: DfspApiSettings,
    logger: RoleLogger,
  ) {
    super({ name: 'quotes and limits', intervalMs: settings.sweepIntervalMs, logger });
  }

  protected async sweep(signal: AbortSignal): Promise<void> {
    await workInBatches(BATCH, async (size) => (await this.quotes.expireOverdue(size)).length, signal);
    await workInBatches(BATCH, (size) => this.limits.releaseOverdue(size), signal);
  }
}
