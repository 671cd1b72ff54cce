import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { Sweeper } from '@level-one/work';
import { QuoteRepository } from '@level-one/quote';
import { Limits } from '@level-one/tariff';
import { DfspApiSettings } from '../dfsp-api.settings.js';

const BATCH = 500;

/** Marks quotes whose time is over, and gives back the limits that they took. */
@Injectable()
export class QuoteKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweeper: Sweeper;

  constructor(quotes: QuoteRepository, limits: Limits, settings: DfspApiSettings, logger: RoleLogger) {
    this.sweeper = new Sweeper({
      name: 'quotes and limits',
      intervalMs: settings.sweepIntervalMs,
      sweep: async () => {
        await quotes.expireOverdue(BATCH);
        while ((await limits.releaseOverdue(BATCH)) === BATCH);
      },
      logger,
    });
  }

  /** Something has ended: it is looked after now, and not at the next look. */
  wake(): void {
    void this.sweeper.run();
  }

  onApplicationBootstrap(): void {
    this.sweeper.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweeper.stop();
  }
}
