// @ts-check
/** Pairs over HTTP: three cases at rising numbers of connections. */
import { BenchLedger } from '../server/bench-ledger.mjs';
import { RUN_PREFIX } from '../bench.mjs';
import { CASES } from '../../shared/sql/cases.mjs';
import { assertInvariants } from '../server/ledger-fixture.mjs';
import { loadTable } from '../../shared/report.mjs';

const CONNECTIONS = [1, 16, 64, 256];

/** @param {import('../bench.mjs').Bench} bench */
export async function runHttpPart(bench) {
  const { seconds, warmUpSeconds } = bench.options;
  const ledger = await BenchLedger.open(bench, { database: `${RUN_PREFIX}http`, cases: Object.values(CASES) });
  const table = loadTable('Prepare + fulfil over HTTP', [
    { title: 'case', width: 13, value: (row) => CASES[row.case].title },
    { title: 'connections', width: 11, value: (row) => row.connections },
  ]);
  const lines = [];
  for (const name of Object.keys(CASES)) {
    for (const connections of CONNECTIONS) {
      const measured = await ledger.measure({ case: CASES[name], connections, seconds, warmUpSeconds });
      lines.push(table.add({ case: name, connections, ...measured }));
    }
  }
  await assertInvariants(bench.postgres.urlOf(ledger.database));
  await ledger.close();
  return lines;
}
