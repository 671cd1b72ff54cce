import type { DataSource } from 'typeorm';
import type { DatabasePool, HotStatements } from '@level-one/work';
import type { RoleMetrics } from './role-metrics.js';

/** Exports how a role's connections are used. */
export function measureDatabase(metrics: RoleMetrics, dataSource: DataSource, statements: HotStatements): void {
  const pool = poolOf(dataSource);
  metrics.readAs('levelone_database_pool_connections', () => [
    { value: pool.totalCount - pool.idleCount, labels: { state: 'used' } },
    { value: pool.idleCount, labels: { state: 'idle' } },
  ]);
  metrics.readAs('levelone_database_pool_max_connections', () => [{ value: pool.maxOpen }]);
  metrics.readAs('levelone_database_pool_waiting', () => [{ value: pool.waitingCount }]);
  metrics.readAs('levelone_database_hot_statements', () => [{ value: statements.underWay }]);
  metrics.readAs('levelone_database_pool_waits_total', () => [{ value: pool.waits.count }]);
  metrics.readAs('levelone_database_pool_wait_seconds_total', () => [{ value: pool.waits.ms / 1_000 }]);
}

function poolOf(dataSource: DataSource): DatabasePool {
  return (dataSource.driver as unknown as { master: DatabasePool }).master;
}
