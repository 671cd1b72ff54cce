import { Injectable } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import { DataSource } from 'typeorm';
import { DfspApiSettings } from '../dfsp-api.settings.js';

const BATCH = 1_000;
const INTERVAL_MS = 60 * 60 * 1_000;

/** What came to nothing, by table and key; $1 is the moment before which it may go. Money that moved is kept. */
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
  [
    // The notice of an open invoice says who was told of it.
    'notices',
    'id',
    `status <> 'pending' AND created_at < $1
     AND NOT EXISTS (SELECT FROM invoices WHERE id::text = notices.invoice_id AND status IN ('pending', 'approved'))`,
  ],
];

/** Deletes what came to nothing once it is old enough. */
@Injectable()
export class Retention extends Keeper {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: DfspApiSettings,
    logger: RoleLogger,
  ) {
    super({ name: 'what came to nothing', intervalMs: INTERVAL_MS, logger });
  }

  protected sweep(signal: AbortSignal): Promise<void> {
    return this.deleteOld(signal);
  }

  /** A batch of rows at a time, so that nobody waits for it. */
  async deleteOld(signal?: AbortSignal): Promise<void> {
    const before = new Date(Date.now() - this.settings.retentionDays * 24 * 60 * 60 * 1_000);
    for (const [table, key, condition] of OVER) {
      let deleted = BATCH;
      while (deleted === BATCH) {
        if (signal?.aborted) return;
        [, deleted] = await this.dataSource.query<[unknown, number]>(
          `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${BATCH})`,
          [before],
        );
      }
    }
  }
}
