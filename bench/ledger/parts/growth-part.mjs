// @ts-check
/** Compares an empty and a grown ledger, in turn: does a ledger slow down with its history? */
import { BenchLedger } from '../server/bench-ledger.mjs';
import { RUN_PREFIX } from '../bench.mjs';
import { CASES } from '../../shared/sql/cases.mjs';
import { filledLedger } from '../server/ledger-fixture.mjs';
import { loadTable, Table } from '../../shared/report.mjs';
import { median } from '../../shared/measure/statistics.mjs';

const CONNECTIONS = 64;

/** The spread case, with accounts from the whole range of a grown ledger. */
function scattered({ title, payers, payees }, accounts) {
  const stride = Math.max(1, Math.floor(accounts / 2 / payers.count));
  return { title, payers: { ...payers, stride }, payees: { ...payees, stride } };
}

/** @param {import('../bench.mjs').Bench} bench */
export async function runGrowthPart(bench) {
  const { growth, seconds, warmUpSeconds } = bench.options;
  const template = await filledLedger(bench.postgres, growth);
  const cases = { hot: CASES.hot, spread: CASES.spread };
  const grownCases = { hot: CASES.hot, spread: scattered(CASES.spread, growth.accounts) };
  const empty = await BenchLedger.open(bench, { database: `${RUN_PREFIX}empty`, cases: Object.values(cases) });
  const grown = await BenchLedger.open(bench, {
    database: `${RUN_PREFIX}grown`,
    template,
    cases: Object.values(grownCases),
  });
  const sides = [
    { ledger: 'empty', opened: empty, cases },
    { ledger: 'grown', opened: grown, cases: grownCases },
  ];
  const size = `${growth.accounts.toLocaleString('en-US')} accounts, ${growth.transfers.toLocaleString('en-US')} transfers`;
  const table = loadTable(`Empty and grown (${size}) in turn, ${CONNECTIONS} connections`, [
    { title: 'case', width: 13, value: (row) => CASES[row.case].title },
    { title: 'ledger', width: 6, value: (row) => row.ledger },
  ]);
  const lines = [];
  for (const name of Object.keys(cases)) {
    for (let round = 1; round <= growth.rounds; round += 1) {
      for (const { ledger, opened, cases: own } of sides) {
        const line = { case: own[name], connections: CONNECTIONS, seconds, warmUpSeconds };
        lines.push(table.add({ case: name, ledger, round, ...(await opened.measure(line)) }));
      }
    }
  }
  await grown.close();
  await empty.close();
  return { lines, ratios: printRatios(Object.keys(cases).map((name) => ratioOf(name, lines))) };
}

/** Ratios grown / empty, round by round. */
function ratioOf(name, lines) {
  const rates = (ledger) =>
    lines.filter((line) => line.case === name && line.ledger === ledger).map((line) => line.perSecond);
  const empty = rates('empty');
  const ratios = rates('grown').map((rate, index) => rate / empty[index]);
  return { case: name, median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

function printRatios(ratios) {
  const table = new Table('Grown / empty', [
    { title: 'case', width: 13, value: (row) => CASES[row.case].title },
    { title: 'median', width: 7, digits: 3, value: (row) => row.median },
    { title: 'least', width: 7, digits: 3, value: (row) => row.least },
    { title: 'most', width: 7, digits: 3, value: (row) => row.most },
  ]);
  return ratios.map((row) => table.add(row));
}
