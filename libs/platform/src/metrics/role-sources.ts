import type { Histogram } from 'prom-client';
import type { PeerClocks } from '../clocks/peer-clocks.js';
import type { AdmissionLimiter } from '../limits/admission-limiter.js';
import type { Health } from '../http/health.js';
import type { HopRecorder } from '../roles/hop-recorder.js';
import { readVersion } from '../roles/version.js';
import { keepReading } from './kept-reading.js';
import type { RoleMetrics } from './role-metrics.js';

/** Detail of the health of a role that delivers something. */
const DEAD_LETTERS = 'undeliverable';

/** What every role has: its version, whether it is ready, calls of other roles and their clocks, its limit of load. */
export interface RoleSources {
  health: Health;
  hops: HopRecorder;
  admission: AdmissionLimiter;
  clocks: PeerClocks;
}

/** Exports what every role has. */
export function measureRole(metrics: RoleMetrics, { health, hops, admission, clocks }: RoleSources): void {
  const labels = { version: readVersion(), node_version: process.version };
  metrics.readAs('levelone_role_info', () => [{ value: 1, labels }]);
  measureHealth(metrics, health);
  measureHops(metrics, hops);
  metrics.readAs('levelone_clock_skew_seconds', () =>
    Array.from(clocks.skews, ([peer, skewMs]) => ({ value: skewMs / 1_000, labels: { peer } })),
  );
  if (!admission.isOff) measureAdmission(metrics, admission);
}

function measureHealth(metrics: RoleMetrics, health: Health): void {
  const read = keepReading(() => health.readReadiness());
  metrics.readAs('levelone_role_ready', async () => [{ value: Number((await read()).ready) }]);
  metrics.readAs('levelone_dependency_ready', async () =>
    (await read()).dependencies.map(({ name, ready }) => ({ value: Number(ready), labels: { dependency: name } })),
  );
  const readDeadLetters = keepReading(() => health.readDetail(DEAD_LETTERS));
  metrics.readAs('levelone_dead_letters', async () =>
    health.hasDetail(DEAD_LETTERS) ? [{ value: await readDeadLetters() }] : [],
  );
  metrics.readAs('levelone_role_notes', () => [{ value: health.notes.length }]);
}

function measureHops(metrics: RoleMetrics, hops: HopRecorder): void {
  const durations: Histogram = metrics.histogram('levelone_hop_duration_seconds');
  const frames = metrics.counter('levelone_frames_received_total');
  hops.records$.subscribe(({ hop, to, status, durationMs }) => {
    if (status === null) frames.inc({ hop });
    else durations.observe({ hop, peer: to, status_class: classOf(status) }, durationMs / 1_000);
  });
}

const CLASSES = ['none', '1xx', '2xx', '3xx', '4xx', '5xx'];

function classOf(status: number): string {
  return CLASSES[Math.floor(status / 100)] ?? 'none';
}

function measureAdmission(metrics: RoleMetrics, admission: AdmissionLimiter): void {
  metrics.readAs('levelone_admission_waiting_requests', () => [{ value: admission.counts.waiting }]);
  metrics.readAs('levelone_admission_admitted_requests', () => [{ value: admission.counts.admitted }]);
  metrics.readAs('levelone_admission_limit_requests', () => [{ value: admission.counts.limit }]);
  metrics.readAs('levelone_admission_refused_total', () => [{ value: admission.refusedCount }]);
}
