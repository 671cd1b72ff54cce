// @ts-check
/** The load process: takes one job at a time from its parent and answers with what it measured. */
import { closeConnections, runHttpLoad } from './http-load.mjs';
import { runNotifiedLoad, runReplay } from './notification-load.mjs';
import { runSqlLoad } from '../../shared/sql/sql-load.mjs';
import { messageOf } from '../../shared/errors.mjs';

const JOBS = {
  http: runHttpLoad,
  sql: runSqlLoad,
  notified: runNotifiedLoad,
  replay: runReplay,
  close: closeConnections,
};

process.on('disconnect', () => process.exit());
process.on('message', ({ kind, job }) => {
  void answer(kind, job);
});

async function answer(kind, job) {
  const before = process.cpuUsage();
  try {
    const result = await JOBS[kind](job);
    const { user, system } = process.cpuUsage(before);
    process.send?.({ result: { ...result, cpuMs: (user + system) / 1_000 } });
  } catch (error) {
    process.send?.({ error: messageOf(error) });
  }
}
