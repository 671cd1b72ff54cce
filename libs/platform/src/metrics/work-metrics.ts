import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { isWorking, type WorkRecord } from '@level-one/work';
import { RoleMetrics } from './role-metrics.js';

/** Exports what the background work of a role has done: that of every provider that has some. */
@Injectable()
export class WorkMetrics implements OnModuleInit {
  constructor(
    private readonly metrics: RoleMetrics,
    private readonly modules: ModulesContainer,
  ) {}

  onModuleInit(): void {
    const records = this.records();
    if (records.length === 0) return;
    const each = (read: (record: WorkRecord) => number) => (): { value: number; labels: { work: string } }[] =>
      records.filter(isStarted).map((record) => ({ value: read(record), labels: { work: record.name } }));
    const outcomes =
      (done: (record: WorkRecord) => number, failed: (record: WorkRecord) => number) =>
      (): { value: number; labels: { work: string; outcome: string } }[] =>
        records.filter(isStarted).flatMap((record) => [
          { value: done(record), labels: { work: record.name, outcome: 'done' } },
          { value: failed(record), labels: { work: record.name, outcome: 'failed' } },
        ]);
    const { metrics } = this;
    metrics.readAs(
      'levelone_work_runs_total',
      outcomes(
        ({ done }) => done,
        ({ failed }) => failed,
      ),
    );
    metrics.readAs(
      'levelone_work_rows_total',
      outcomes(
        ({ rowsDone }) => rowsDone,
        ({ rowsFailed }) => rowsFailed,
      ),
    );
    const deliveries = records.filter(({ unwritten }) => unwritten !== undefined);
    metrics.readAs('levelone_delivery_unwritten_results', () =>
      deliveries.map(({ name, unwritten = 0 }) => ({ value: unwritten, labels: { work: name } })),
    );
    metrics.readAs(
      'levelone_work_run_seconds_total',
      each(({ busyMs }) => busyMs / 1_000),
    );
    metrics.readAs(
      'levelone_work_interval_seconds',
      each(({ intervalMs }) => intervalMs / 1_000),
    );
    metrics.readAs(
      'levelone_work_last_run_timestamp_seconds',
      each(({ lastEndAt }) => lastEndAt!.getTime() / 1_000),
    );
  }

  private records(): WorkRecord[] {
    const found = new Set<WorkRecord>();
    for (const { providers } of this.modules.values()) {
      for (const { instance } of providers.values()) {
        if (isWorking(instance)) for (const record of instance.work) found.add(record);
      }
    }
    return [...found];
  }
}

function isStarted({ lastEndAt }: WorkRecord): boolean {
  return lastEndAt !== undefined;
}
