// @ts-check
/**
 * Loaded into the ledger's process before the unchanged ledger. It counts round trips to PostgreSQL, answers the
 * processor time of the process, and profiles it on demand.
 */
import { Session } from 'node:inspector/promises';
import { writeFile } from 'node:fs/promises';
import pg from 'pg';

const SAMPLING_INTERVAL_US = 500;

let roundTrips = 0;
/** Clients that pipeline statements and have begun to in this turn of the event loop: one round trip. */
const sending = new WeakSet();
const query = Reflect.get(pg.Client.prototype, 'query');
pg.Client.prototype.query = function countedQuery(...given) {
  if (!sending.has(this)) roundTrips += 1;
  if (this.pipeline) {
    sending.add(this);
    queueMicrotask(() => sending.delete(this));
  }
  return Reflect.apply(query, this, given);
};

const session = new Session();

const ANSWERS = {
  counters: () => {
    const { user, system } = process.cpuUsage();
    return { cpuMs: (user + system) / 1_000, roundTrips };
  },
  startProfile: async () => {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
    await session.post('Profiler.start');
  },
  stopProfile: async ({ file }) => {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    await writeFile(file, JSON.stringify(profile));
  },
};

async function answer({ question, ...given }) {
  process.send?.({ answer: (await ANSWERS[question](given)) ?? null });
}

process.on('message', (/** @type {{ question: string }} */ message) => {
  void answer(message);
});
// The measuring process has ended.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The channel must not keep the ledger's process alive.
process.channel?.unref();
