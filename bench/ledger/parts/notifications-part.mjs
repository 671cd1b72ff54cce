// @ts-check
/** Measures the delay of notifications under load, and the speed of a replay. */
import { BenchLedger } from '../server/bench-ledger.mjs';
import { RUN_PREFIX } from '../bench.mjs';
import { CASES } from '../../shared/sql/cases.mjs';
import { filledLedger, lastSequence } from '../server/ledger-fixture.mjs';
import { loadTable, Table } from '../../shared/report.mjs';

/** History for the replay; each transfer has two events. */
const PAST = { accounts: 2_000, transfers: 50_000 };
const MISSED = 100_000;
const CONNECTIONS = 64;

/** The fastest line of the hot pair; measured now if the HTTP part did not run. */
async function peakOf(ledger, httpLines, { seconds, warmUpSeconds }) {
  const lines = (httpLines ?? []).filter((line) => line.case === 'hot');
  if (lines.length > 0) return lines.reduce((best, line) => (line.perSecond > best.perSecond ? line : best));
  const measured = await ledger.measure({ case: CASES.hot, connections: CONNECTIONS, seconds, warmUpSeconds });
  return { connections: CONNECTIONS, ...measured };
}

/**
 * @param {import('../bench.mjs').Bench} bench
 * @param {{ http?: object[] }} done
 */
export async function runNotificationsPart(bench, { http }) {
  const template = await filledLedger(bench.postgres, PAST);
  const ledger = await BenchLedger.open(bench, {
    database: `${RUN_PREFIX}notifications`,
    template,
    cases: [CASES.hot],
  });
  const peak = await peakOf(ledger, http, bench.options);
  const latency = await measureLatency(ledger, peak);
  const replay = await measureReplay(ledger);
  await ledger.close();
  return { latency, replay };
}

async function measureLatency(ledger, { perSecond: peakRate, connections }) {
  const { seconds, warmUpSeconds } = ledger.bench.options;
  const pairsPerSecond = peakRate / 2;
  const job = { ...ledger.target, case: CASES.hot, connections, pairsPerSecond };
  await ledger.run('http', { ...job, seconds: warmUpSeconds });
  const measured = await ledger.meter.measure(() => ledger.run('notified', { ...job, seconds }));
  const line = { connections, wantedPairsPerSecond: pairsPerSecond, ...measured };
  loadTable('From sending a prepare to its notification, at half the peak rate', [
    { title: 'connections', width: 11, value: (row) => row.connections },
    { title: 'wanted', width: 7, value: (row) => row.wantedPairsPerSecond },
    { title: 'note p50', width: 8, digits: 2, value: ({ notification }) => notification.p50 },
    { title: 'note p99', width: 8, digits: 2, value: ({ notification }) => notification.p99 },
  ]).add(line);
  return line;
}

async function measureReplay(ledger) {
  const resumeFrom = (await lastSequence(ledger.bench.postgres, ledger.database)) - MISSED;
  const measured = await ledger.meter.measure(async () => {
    const { events, ...rest } = await ledger.run('replay', { ...ledger.target, resumeFrom, missed: MISSED });
    return { ...rest, count: events };
  });
  const { count: events, perSecond: eventsPerSecond, costs: perEvent, seconds, othersShare } = measured;
  const row = { events, seconds, eventsPerSecond, perEvent, othersShare };
  return new Table('Replay of missed events to one subscriber, each once and in order', [
    { title: 'events', width: 8, value: () => events },
    { title: 'seconds', width: 7, digits: 2, value: () => seconds },
    { title: 'events/s', width: 8, value: () => eventsPerSecond },
    { title: 'server ms', width: 9, digits: 3, value: () => perEvent.serverCpuMs },
    { title: 'pg ms', width: 7, digits: 3, value: () => perEvent.postgresCpuMs },
    { title: 'client ms', width: 9, digits: 3, value: () => perEvent.clientCpuMs },
    { title: 'others %', width: 8, value: () => othersShare * 100 },
  ]).add(row);
}
