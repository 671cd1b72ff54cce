// @ts-check
/**
 * Loaded into the ledger's process before the ledger itself. It counts round trips to PostgreSQL, tells the processor
 * time of the process, and profiles it on demand; the ledger runs as it is.
 */
import { Session } from 'node:inspector/promises';
import { writeFile } from 'node:fs/promises';
import pg from 'pg';

const SAMPLING_INTERVAL_US = 500;

let roundTrips = 0;
/** Clients that send statement after statement without waiting, and have begun to in this turn. */
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
  process.send({ answer: (await ANSWERS[question](given)) ?? null });
}

process.on('message', (/** @type {{ question: string }} */ message) => {
  void answer(message);
});
// Whoever measures is gone.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The channel alone does not keep the ledger alive.
process.channel?.unref();
