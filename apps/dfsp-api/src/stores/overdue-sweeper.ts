import type { FactoryProvider } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { BatchSweeper } from '@level-one/work';
import { DfspApiSettings } from '../dfsp-api.settings.js';

const BATCH = 500;

interface OverdueRows {
  /** Marks up to `limit` rows as expired whose time is over at `now`; answers how many. */
  expireOverdue(now: Date, limit: number): Promise<number>;
}

/**
 * Provides the sweeper that marks rows of a repository as expired. Before it runs, code that reads or moves such a row
 * compares the time itself.
 * @param name what the sweeper is called in the log.
 */
export function overdueSweeper(
  name: string,
  repository: new (...args: never[]) => OverdueRows,
): FactoryProvider<BatchSweeper> {
  return {
    provide: BatchSweeper,
    useFactory: (rows: OverdueRows, { sweepIntervalMs: intervalMs }: DfspApiSettings, logger: RoleLogger) =>
      new BatchSweeper({ name, intervalMs, logger, size: BATCH, work: (size) => rows.expireOverdue(new Date(), size) }),
    inject: [repository, DfspApiSettings, RoleLogger],
  };
}
