// @ts-check
/** Pairs directly on PostgreSQL, to compare the ledger with. */
import { RUN_PREFIX } from '../bench.mjs';
import { FLOOR, measureSqlLines } from '../../shared/sql/sql-lines.mjs';

function measureLines({ postgres, load, options }, title, lines) {
  const { seconds, warmUpSeconds } = options;
  const run = (job) => load.run('sql', job);
  return measureSqlLines({ postgres, database: `${RUN_PREFIX}sql`, seconds, warmUpSeconds, run }, title, lines);
}

/** One transaction for each phase of a transfer. @param {import('../bench.mjs').Bench} bench */
export function runFloorPart(bench) {
  return measureLines(bench, 'Naive SQL, one transaction a phase, no HTTP', [
    FLOOR,
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
