import { describe, expect, it } from '@jest/globals';
import { type HopRecord, HopRecorder } from '@level-one/platform';
import { causalOrder, HopLog } from './hop-log.js';

const CALL: HopRecord = {
  hop: 'I.C',
  from: 'dfsp-api',
  to: 'spsp-client-proxy',
  recordedAt: 'dfsp2',
  method: 'GET',
  url: 'http://127.0.0.1:3201/spsp/client/v1/query',
  status: 200,
  durationMs: 100,
  traceId: '0e5b3bd2-5cf2-4c46-9a3f-3f6f2f0f8a11',
  at: new Date('2026-11-28T12:00:00.000Z'),
  startedMs: 1_000,
};

describe('the log of hops', () => {
  it('lists hops in the order of their ends; in causal order a call comes before those it caused', () => {
    const recorder = new HopRecorder();
    const log = new HopLog(recorder, []);
    recorder.recordHop({ ...CALL, hop: 'I.E', startedMs: 1_000.2 });
    recorder.recordHop({ ...CALL, hop: 'I.D', startedMs: 1_000.1 });
    recorder.recordHop(CALL);
    const idsOf = (hops: { hop: string }[]): string[] => hops.map(({ hop }) => hop);
    expect(idsOf(log.listHops())).toEqual(['I.E', 'I.D', 'I.C']);
    expect(idsOf(causalOrder(log.listHops()))).toEqual(['I.C', 'I.D', 'I.E']);
  });
});
