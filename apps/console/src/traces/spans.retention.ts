import { Injectable } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { BatchSweeper } from '@level-one/work';
import { DataSource } from 'typeorm';
import { ConsoleSettings } from '../console.settings.js';

/** Deletes spans that are old, and the oldest of too many. */
@Injectable()
export class SpansRetention extends BatchSweeper {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: ConsoleSettings,
    logger: RoleLogger,
  ) {
    super({ name: 'spans', intervalMs: 60_000, size: 5_000, logger, work: (size) => this.deleteOld(size) });
  }

  /** Ids grow with time, so those that are too many are the lowest ones. */
  async deleteOld(size: number): Promise<number> {
    const { spansKeptDays, spansMax } = this.settings;
    const [, deleted] = await this.dataSource.query<[unknown, number]>(
      `DELETE FROM spans WHERE id IN (
         (SELECT id FROM spans WHERE started_at < now() - make_interval(days => $1) LIMIT $3)
         UNION (SELECT id FROM spans WHERE id <= (SELECT max(id) FROM spans) - $2 ORDER BY id LIMIT $3)
       )`,
      [spansKeptDays, spansMax, size],
    );
    return deleted;
  }
}
