import { Injectable } from '@nestjs/common';
import { EventPump, Subscriptions } from '@level-one/notifications';
import { keepReading, RoleMetrics, type Samples } from '@level-one/platform';
import { DataSource } from 'typeorm';
import { Ledger } from './engine/ledger.js';
import { LedgerProfile } from './api/ledger-profile.js';

interface HoldsRow {
  count: number;
  amount: string;
}

/** What is held for prepared transfers: customers' money and charges. */
const READ_HOLDS = 'SELECT count(*)::int AS count, coalesce(sum(amount), 0)::text AS amount FROM holds';

/** Exports what a ledger does: transfers, holds, its queue, its subscribers, its invariants. */
@Injectable()
export class LedgerMetrics {
  constructor(
    private readonly metrics: RoleMetrics,
    private readonly ledger: Ledger,
    private readonly dataSource: DataSource,
    private readonly profile: LedgerProfile,
    pump: EventPump,
    subscriptions: Subscriptions,
  ) {
    this.measureTransfers();
    this.measureHolds();
    this.measureQueue();
    this.measureInvariants();
    const behind = (): Samples => [{ value: Number(subscriptions.mostBehind(pump.position)) }];
    metrics.readAs('levelone_event_log_sequence', () => [{ value: Number(pump.position) }]);
    metrics.readAs('levelone_event_subscribers', () => [{ value: subscriptions.count }]);
    metrics.readAs('levelone_event_subscriber_lag_events', behind);
  }

  private measureTransfers(): void {
    const { ledger, metrics } = this;
    metrics.readAs('levelone_ledger_transfers_total', () =>
      [...ledger.transferCounts].map(([state, value]) => ({ value, labels: { state } })),
    );
    metrics.readAs('levelone_ledger_lapsed_graces_total', () => [{ value: ledger.lapseCount }]);
  }

  private measureHolds(): void {
    const { currency, scale } = this.profile;
    const read = keepReading(async () => {
      const [row] = await this.dataSource.query<HoldsRow[]>(READ_HOLDS);
      return row!;
    });
    this.metrics.readAs('levelone_ledger_open_holds', async () => [{ value: (await read()).count }]);
    this.metrics.readAs('levelone_ledger_held_amount', async () => [
      { value: Number((await read()).amount) / 10 ** scale, labels: { currency } },
    ]);
  }

  private measureQueue(): void {
    const { ledger, metrics } = this;
    metrics.readAs('levelone_ledger_queue_commands', () => [{ value: ledger.queueCounts.waiting }]);
    metrics.readAs('levelone_ledger_commands_total', () => [{ value: ledger.queueCounts.commands }]);
    metrics.readAs('levelone_ledger_batches_total', () => [{ value: ledger.queueCounts.batches }]);
    metrics.readAs('levelone_ledger_batch_seconds_total', () => [{ value: ledger.queueCounts.ms / 1_000 }]);
  }

  private measureInvariants(): void {
    const { ledger, metrics } = this;
    metrics.readAs('levelone_ledger_invariant_violations', () =>
      ledger.latestCheck ? [{ value: ledger.latestCheck.violations }] : [],
    );
    metrics.readAs('levelone_ledger_invariants_checked_timestamp_seconds', () =>
      ledger.latestCheck ? [{ value: ledger.latestCheck.at.getTime() / 1_000 }] : [],
    );
  }
}
