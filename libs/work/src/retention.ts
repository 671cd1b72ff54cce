import type { DataSource } from 'typeorm';
import { workInBatches } from './batch-sweeper.js';
import { Keeper } from './keeper.js';
import type { SweeperLogger } from './sweeper.js';

const BATCH = 1_000;
const INTERVAL_MS = 60 * 60 * 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Rows of a table that are deleted when they are old. */
export interface OldRows {
  table: string;
  /** Column with unique values, or `ctid`. */
  key: string;
  /** SQL condition that an index of finished rows answers; $1 is the moment before which rows are old. */
  isOld: string;
}

export interface RetentionOptions {
  dataSource: DataSource;
  /** Age above which rows are old. */
  days: number;
  rows: readonly OldRows[];
  logger: SweeperLogger;
}

/** Deletes old rows, hourly. */
export class Retention extends Keeper {
  constructor(private readonly options: RetentionOptions) {
    super({ name: 'retention', intervalMs: INTERVAL_MS, logger: options.logger });
  }

  /** Deletes in batches, so that no lock is held for long. */
  async deleteOld(signal?: AbortSignal): Promise<void> {
    const { dataSource, days, rows } = this.options;
    const before = new Date(Date.now() - days * DAY_MS);
    for (const { table, key, isOld } of rows) {
      const deleteBatch = async (size: number): Promise<number> => {
        const [, deleted] = await dataSource.query<[unknown, number]>(
          `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${isOld} LIMIT ${size})`,
          [before],
        );
        this.workRecord.rowsDone += deleted;
        return deleted;
      };
      await workInBatches(BATCH, deleteBatch, signal);
    }
  }

  protected sweep(signal: AbortSignal): Promise<void> {
    return this.deleteOld(signal);
  }
}
