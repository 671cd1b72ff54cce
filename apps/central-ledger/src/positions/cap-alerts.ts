import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Exposure, exposureOf, READ_POSITIONS_NEAR_CAP } from '@level-one/ledger';
import { Health, RoleLogger } from '@level-one/platform';
import { Sweeper, type Working, type WorkRecord } from '@level-one/work';
import { DataSource } from 'typeorm';
import { CentralLedgerSettings } from '../central-ledger.settings.js';

const ALERTS_MAX = 1_000;

/** An account that uses much of its net debit cap. */
export interface CapAlert extends Exposure {
  account: string;
}

/** Watches how much of their net debit caps accounts use, beside the payments. */
@Injectable()
export class CapAlerts implements OnModuleInit, BeforeApplicationShutdown, Working {
  private readonly sweeper: Sweeper;
  /** Accounts that were near their caps at the last look. */
  private near: ReadonlySet<string> = new Set();

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: CentralLedgerSettings,
    private readonly logger: RoleLogger,
    private readonly health: Health,
  ) {
    const { capCheckIntervalMs: intervalMs } = settings;
    this.sweeper = new Sweeper({ name: 'net debit caps', intervalMs, sweep: () => this.look(), logger });
  }

  get work(): readonly WorkRecord[] {
    return [this.sweeper.record];
  }

  onModuleInit(): void {
    if (this.settings.capAlertPercent === 0) return;
    this.health.registerNotes(() => this.notes());
    this.sweeper.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweeper.stop();
  }

  /** Accounts near their caps now, sorted by name, at most 1000. */
  async listAlerts(): Promise<CapAlert[]> {
    const { capAlertPercent } = this.settings;
    if (capAlertPercent === 0) return [];
    const rows = await this.dataSource.query(READ_POSITIONS_NEAR_CAP, [capAlertPercent, ALERTS_MAX]);
    return rows.map((row: AlertRow) => ({ account: row.account, ...exposureOf(row) }));
  }

  /** Writes a line for each account that comes near its cap, and for each that no longer is. */
  private async look(): Promise<void> {
    const near = new Set((await this.listAlerts()).map(({ account }) => account));
    const share = `${this.settings.capAlertPercent} % of the net debit cap`;
    for (const account of near) {
      if (!this.near.has(account)) this.logger.warn({ account }, `position uses ${share} or more`);
    }
    for (const account of this.near) {
      if (!near.has(account)) this.logger.info({ account }, `position uses less than ${share} again`);
    }
    this.near = near;
  }

  private notes(): string[] {
    const count = this.near.size;
    if (count === 0) return [];
    const { capAlertPercent } = this.settings;
    return [`positions that use ${capAlertPercent} % or more of their net debit cap: ${count}; see GET /cap-alerts`];
  }
}

type AlertRow = { account: string } & Parameters<typeof exposureOf>[0];
