import type { OpenCount, OpenStates } from '@level-one/work';
import { keepReading } from '../metrics/kept-reading.js';
import type { RoleMetrics, Samples } from '../metrics/role-metrics.js';

/** Exports how much is open in a role. It is counted once in ten seconds at most, however often it is asked for. */
export function measureOpenStates(metrics: RoleMetrics, open: OpenStates): void {
  const read = keepReading(() => open.countOpen());
  const each = (valueOf: (count: OpenCount) => number) => async (): Promise<Samples> =>
    (await read()).map((count) => ({
      value: valueOf(count),
      labels: { kind: count.state.kind, state: count.state.state },
    }));
  metrics.readAs(
    'levelone_open_rows',
    each(({ count }) => count),
  );
  metrics.readAs(
    'levelone_open_overdue_rows',
    each(({ overdue }) => overdue),
  );
  metrics.readAs(
    'levelone_open_oldest_age_seconds',
    each(({ oldest }) => (oldest ? Math.max(0, Date.now() - oldest.getTime()) / 1_000 : 0)),
  );
}
