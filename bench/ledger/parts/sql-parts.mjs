// @ts-check
/** Pairs directly on PostgreSQL, to compare the ledger with. */
import { RUN_PREFIX } from '../bench.mjs';
import { accountsOf, CASES } from '../../shared/sql/cases.mjs';
import { Meter } from '../../shared/measure/meter.mjs';
import { NAIVE_SCHEMA, OPEN_NAIVE_ACCOUNTS } from '../../shared/sql/naive-ledger.mjs';
import { loadTable } from '../../shared/report.mjs';

const COLUMNS = [
  { title: 'case', width: 13, value: (row) => CASES[row.case].title },
  { title: 'style', width: 11, value: (row) => row.style },
  { title: 'clients', width: 7, value: (row) => row.clients },
];

async function measureLines(bench, title, lines) {
  const { postgres, load, options } = bench;
  const database = `${RUN_PREFIX}sql`;
  const cases = [CASES.hot, CASES.spread];
  const url = postgres.urlOf(database);
  const meter = new Meter(postgres, database);
  const table = loadTable(title, COLUMNS);
  const measured = [];
  for (const line of lines) {
    // Each line begins with empty tables, so that lines do not influence each other.
    await postgres.createDatabase(database);
    await postgres.connected(database, async (client) => {
      await client.query(NAIVE_SCHEMA);
      await client.query(OPEN_NAIVE_ACCOUNTS, [accountsOf(cases)]);
      await client.query('ANALYZE naive.accounts');
    });
    await postgres.checkpoint();
    const job = { url, ...line, case: CASES[line.case] };
    await load.run('sql', { ...job, seconds: options.warmUpSeconds });
    const result = await meter.measure(() => load.run('sql', { ...job, seconds: options.seconds }));
    // Every statement is a round trip here: nothing is pipelined.
    const perPair = { ...result.perPair, roundTrips: result.perPair.statements };
    measured.push(table.add({ ...line, ...result, perPair }));
  }
  await postgres.dropDatabase(database);
  return measured;
}

/** One transaction for each phase of a transfer. @param {import('../bench.mjs').Bench} bench */
export function runFloorPart(bench) {
  return measureLines(bench, 'Naive SQL, one transaction a phase, no HTTP', [
    { case: 'hot', style: 'statements', clients: 16 },
    { case: 'spread', style: 'statements', clients: 16 },
    { case: 'hot', style: 'functions', clients: 16 },
    { case: 'spread', style: 'functions', clients: 16 },
  ]);
}

/** 1,000 transfers in a transaction. @param {import('../bench.mjs').Bench} bench */
export function runCeilingPart(bench) {
  return measureLines(bench, 'Set-based SQL, 1,000 transfers a transaction, no HTTP (latency: of a batch)', [
    { case: 'hot', style: 'batches', clients: 1 },
    { case: 'spread', style: 'batches', clients: 1 },
  ]);
}
