import { describe, expect, it } from '@jest/globals';
import { PeerClocks } from '../clocks/peer-clocks.js';
import { AdmissionLimiter } from '../limits/admission-limiter.js';
import { Health, NotReadyError } from '../http/health.js';
import { HopRecorder, type HopRecord } from '../roles/hop-recorder.js';
import { RoleIdentity } from '../roles/identity.js';
import { keepReading } from './kept-reading.js';
import { RoleMetrics } from './role-metrics.js';
import { measureRole } from './role-sources.js';

const HOP: HopRecord = {
  hop: 'I.E',
  from: 'spsp-client',
  to: 'spsp-server',
  recordedAt: 'dfsp1',
  method: 'GET',
  url: 'http://127.0.0.1/v1/receivers/26547070',
  status: 200,
  durationMs: 20,
  traceId: 't',
  at: new Date(),
  startedMs: 0,
};

function measured(dfsp: string | null = 'dfsp1') {
  const metrics = new RoleMetrics(new RoleIdentity('spsp-client', dfsp));
  const health = new Health();
  const hops = new HopRecorder();
  const clocks = new PeerClocks(2_000, { warn: () => undefined, info: () => undefined });
  measureRole(metrics, { health, hops, clocks, admission: AdmissionLimiter.of({}) });
  return { metrics, health, hops, clocks };
}

const lines = async (metrics: RoleMetrics, name: string): Promise<string[]> =>
  (await metrics.expose()).split('\n').filter((line) => line.startsWith(name));

describe('the metrics of a role', () => {
  it('have how far clocks of others are surely off, and nothing of those that are not known', async () => {
    const { metrics, clocks } = measured();
    expect(await lines(metrics, 'levelone_clock_skew_seconds')).toEqual([]);
    const receivedAt = Date.now();
    const date = new Date(Math.floor(receivedAt / 1_000) * 1_000 - 30_000).toUTCString();
    clocks.hear('http://10.0.0.1', 'central-ledger', { date, sentAt: receivedAt, receivedAt });
    const [line = ''] = await lines(metrics, 'levelone_clock_skew_seconds');
    expect(line).toContain('peer="central-ledger"');
    const skew = Number(line.split(' ').at(-1));
    expect(skew).toBeLessThanOrEqual(-29);
    expect(skew).toBeGreaterThanOrEqual(-30);
  });

  it('name the role and its DFSP, or the centre', async () => {
    const [line] = await lines(measured().metrics, 'levelone_role_ready');
    expect(line).toBe('levelone_role_ready{role="spsp-client",dfsp="dfsp1"} 1');
    const [central] = await lines(measured(null).metrics, 'levelone_role_ready');
    expect(central).toBe('levelone_role_ready{role="spsp-client",dfsp="centre"} 1');
  });

  it('belong to one instance, so that many share a process', async () => {
    const [one, other] = [measured(), measured('dfsp2')];
    one.hops.recordHop(HOP);
    expect(await lines(other.metrics, 'levelone_hop_duration_seconds_count')).toEqual([]);
    expect(await lines(one.metrics, 'levelone_hop_duration_seconds_count')).toHaveLength(1);
  });

  it('count hops by hop, called role and class of the status, and never by URL or trace', async () => {
    const { metrics, hops } = measured();
    for (const status of [200, 204, 404, 503, 0]) hops.recordHop({ ...HOP, status });
    hops.recordHop({ ...HOP, hop: 'P.F', status: null });
    const counts = await lines(metrics, 'levelone_hop_duration_seconds_count');
    const found = counts.map((line) => [/status_class="(\w+)"/.exec(line)?.[1], line.split(' ').at(-1)]);
    expect(found).toEqual([
      ['2xx', '2'],
      ['4xx', '1'],
      ['5xx', '1'],
      ['none', '1'],
    ]);
    expect(await lines(metrics, 'levelone_frames_received_total')).toHaveLength(1);
    const text = await metrics.expose();
    expect(text).not.toContain('26547070');
    expect(text).not.toContain('http:');
  });

  it('say what a role depends on, and that it is not ready', async () => {
    const { metrics, health } = measured();
    health.registerCheck('database', () => Promise.reject(new NotReadyError('is read-only')));
    health.registerCheck('routes', () => undefined);
    expect(await lines(metrics, 'levelone_role_ready')).toEqual([expect.stringMatching(/ 0$/)]);
    expect(await lines(metrics, 'levelone_dependency_ready')).toEqual([
      expect.stringMatching(/dependency="database".* 0$/),
      expect.stringMatching(/dependency="routes".* 1$/),
    ]);
  });

  it('leave out what cannot be read, and show the rest', async () => {
    const { metrics } = measured();
    for (const name of ['levelone_open_rows', 'levelone_ledger_open_holds'] as const) {
      metrics.readAs(name, () => Promise.reject(new Error('the database is away')));
      expect(await lines(metrics, name)).toEqual([]);
    }
    expect(await lines(metrics, 'levelone_role_ready')).toHaveLength(1);
  });
});

describe('a reading that is kept', () => {
  it('is read once for all who ask within the time, and again after a failure', async () => {
    let reads = 0;
    const read = keepReading(() => {
      reads += 1;
      return reads === 1 ? Promise.reject(new Error('no')) : Promise.resolve(reads);
    });
    await expect(read()).rejects.toThrow('no');
    expect(await Promise.all([read(), read(), read()])).toEqual([2, 2, 2]);
  });

  it('is read anew after the time', async () => {
    let reads = 0;
    const read = keepReading(() => Promise.resolve((reads += 1)), 0);
    expect([await read(), await read()]).toEqual([1, 2]);
  });
});
