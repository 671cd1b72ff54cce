import { Injectable } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import { DataSource } from 'typeorm';
import { ConsoleSettings } from '../console.settings.js';
import { OperationService } from './operation.service.js';

const INTERVAL_MS = 30_000;

interface PositionJson {
  account: string;
  net: string;
  held: string;
  net_debit_cap: string | null;
}

/** Keeps the positions of the DFSPs over time, for charts. */
@Injectable()
export class PositionSamplesKeeper extends Keeper {
  constructor(
    private readonly operation: OperationService,
    private readonly dataSource: DataSource,
    private readonly settings: ConsoleSettings,
    private readonly logger: RoleLogger,
  ) {
    super({ name: 'positions', intervalMs: INTERVAL_MS, logger });
  }

  /** One sample of all positions, and the end of old ones. */
  async addSample(): Promise<void> {
    const { positions } = await this.operation.readPositions();
    const rows = (positions as PositionJson[]).map(({ account, net, held, net_debit_cap: cap }) => ({
      account: decodeURIComponent(account.split('/').at(-1)!),
      net,
      held,
      cap,
    }));
    await this.dataSource.query(
      `INSERT INTO position_samples (account, net, held, net_debit_cap)
       SELECT account, net, held, cap FROM json_to_recordset($1)
         AS given (account text, net numeric, held numeric, cap numeric)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows)],
    );
    await this.dataSource.query('DELETE FROM position_samples WHERE at < now() - make_interval(days => $1)', [
      this.settings.spansKeptDays,
    ]);
  }

  protected async sweep(): Promise<void> {
    try {
      await this.addSample();
    } catch (err) {
      // A centre that is away is seen in the list of roles.
      this.logger.debug({ err, sweeper: 'positions' }, 'positions cannot be read');
    }
  }
}
