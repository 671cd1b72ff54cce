// @ts-check
/** Pairs directly on PostgreSQL, to compare with. */
import { Meter } from '../measure/meter.mjs';
import { loadTable } from '../report.mjs';
import { accountsOf, CASES } from './cases.mjs';
import { NAIVE_SCHEMA, OPEN_NAIVE_ACCOUNTS } from './naive-ledger.mjs';
import { runSqlLoad } from './sql-load.mjs';

const COLUMNS = [
  { title: 'case', width: 13, value: (row) => CASES[row.case].title },
  { title: 'style', width: 11, value: (row) => row.style },
  { title: 'clients', width: 7, value: (row) => row.clients },
];

/** @typedef {{ case: keyof CASES, style: 'statements' | 'functions' | 'batches', clients: number }} SqlLine */

/** The naive ledger as one writes it first: the yardstick that makes runs comparable. @type {SqlLine} */
export const FLOOR = { case: 'hot', style: 'statements', clients: 16 };

/**
 * Measures and prints lines.
 *
 * @param {object} bench
 * @param {import('../postgres.mjs').Postgres} bench.postgres
 * @param {string} bench.database name; created for these lines
 * @param {number} bench.seconds
 * @param {number} bench.warmUpSeconds
 * @param {(job: any) => Promise<import('../measure/meter.mjs').Load>} [bench.run] default: in this process
 * @param {string} title
 * @param {SqlLine[]} lines
 */
export async function measureSqlLines(bench, title, lines) {
  const { postgres, database, seconds, warmUpSeconds, run = runSqlLoad } = bench;
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
    await run({ ...job, seconds: warmUpSeconds });
    const result = await meter.measure(() => run({ ...job, seconds }));
    // Every statement is a round trip here: nothing is pipelined.
    const costs = { ...result.costs, roundTrips: result.costs.statements };
    measured.push(table.add({ ...line, ...result, costs }));
  }
  await postgres.dropDatabase(database);
  return measured;
}
