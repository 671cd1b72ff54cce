import { Injectable } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { Keeper, workInBatches } from '@level-one/work';
import { DataSource } from 'typeorm';
import { DfspApiSettings } from '../dfsp-api.settings.js';

const BATCH = 1_000;
const INTERVAL_MS = 60 * 60 * 1_000;

/**
 * Rows to delete: table, key and condition; $1 is the moment before which they are old. Rows of money that moved are
 * kept.
 */
const OVER: readonly [table: string, key: string, condition: string][] = [
  ['quotes', 'id', `status = 'expired' AND expires_at < $1`],
  ['limit_reservations', 'ctid', `status = 'released' AND day < $1::date`],
  ['receiver_payments', 'payment_id', `status IN ('rejected', 'expired') AND expires_at < $1`],
  [
    'invoice_notifications',
    'id',
    `status IN ('rejected', 'cancelled', 'expired') AND created_at < $1
     AND NOT EXISTS (SELECT FROM outgoing_payments WHERE notification_id = invoice_notifications.id)`,
  ],
  ['notices', 'id', `status <> 'pending' AND created_at < $1`],
];

/** Deletes old rows that moved no money, hourly. */
@Injectable()
export class Retention extends Keeper {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: DfspApiSettings,
    logger: RoleLogger,
  ) {
    super({ name: 'retention', intervalMs: INTERVAL_MS, logger });
  }

  protected sweep(signal: AbortSignal): Promise<void> {
    return this.deleteOld(signal);
  }

  /** Deletes in batches, so that no lock is held for long. */
  async deleteOld(signal?: AbortSignal): Promise<void> {
    const before = new Date(Date.now() - this.settings.retentionDays * 24 * 60 * 60 * 1_000);
    for (const [table, key, condition] of OVER) {
      const deleteBatch = async (size: number): Promise<number> => {
        const [, deleted] = await this.dataSource.query<[unknown, number]>(
          `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${size})`,
          [before],
        );
        return deleted;
      };
      await workInBatches(BATCH, deleteBatch, signal);
    }
  }
}
