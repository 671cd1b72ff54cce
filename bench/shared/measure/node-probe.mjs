// @ts-check
/**
 * Loaded into each measured Node process, and each of its threads, before the unchanged program. It counts round trips
 * to PostgreSQL, answers processor time and resident memory of the process, and profiles it on demand. It listens at a
 * socket in the folder that PROBE_FOLDER names; a request is a line of JSON, and so is its answer.
 */
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import * as threads from 'node:worker_threads';
import pg from 'pg';

const SAMPLING_INTERVAL_US = 500;

const { isMainThread, threadId } = threads;

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

/** Program and arguments; of a thread its name or number, too. */
function ownName() {
  const program = process.argv.slice(1).map((text) => basename(text));
  return [...program, ...(isMainThread ? [] : [`thread ${Reflect.get(threads, 'threadName') || threadId}`])].join(' ');
}

const ANSWERS = {
  counters: () => {
    const own = { name: ownName(), roundTrips, loopMs: performance.eventLoopUtilization().active };
    // Processor time and memory are the process's: a thread answers none, so that nothing is counted twice.
    if (!isMainThread) return { ...own, cpuMs: null, rssBytes: null };
    const { user, system } = process.cpuUsage();
    return { ...own, cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage.rss() };
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

const folder = process.env.PROBE_FOLDER;
if (folder !== undefined) {
  const server = createServer((socket) => {
    createInterface({ input: socket }).on('line', async (line) => {
      const { question, ...given } = JSON.parse(line);
      socket.write(`${JSON.stringify((await ANSWERS[question](given)) ?? null)}\n`);
    });
    socket.on('error', () => socket.destroy());
    // The measuring process has ended.
    socket.on('close', () => isMainThread && process.kill(process.pid, 'SIGTERM'));
    // Neither the connection nor the server keeps the process alive.
    socket.unref();
  });
  server.listen(join(folder, `${process.pid}-${threadId}.sock`));
  server.unref();
}
