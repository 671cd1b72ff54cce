import { HopRecorder, ProcessMetrics, StartupError } from '@level-one/platform';
import { bufferTime, filter } from 'rxjs';
import { parentPort, workerData } from 'node:worker_threads';
import { examplesAt } from '../pages/examples.js';
import { LocalRoles } from './role-group.js';
import type { FromThread, ThreadCall, ThreadStart, ToThread } from './thread-messages.js';

/** How often hops are handed over: each message costs both threads time. */
const HOPS_EVERY_MS = 20;

/** Runs the instances of one thread, see `RoleThread`. */
const { name, portBase } = workerData as ThreadStart;
const hops = new HopRecorder();
const roles = new LocalRoles({ hops, process: new ProcessMetrics(name), moveExamples: examplesAt(portBase) });
const send = (message: FromThread): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(message);
};

async function runCall(call: ThreadCall): Promise<void> {
  switch (call.method) {
    case 'startInstances':
      await roles.startInstances(call.argument);
      break;
    case 'assertReady':
      await roles.assertReady();
      break;
    case 'endBeginnings':
      await roles.endBeginnings();
      break;
    case 'closeInstances':
      await roles.closeInstances(call.argument);
      break;
    case 'end':
      await roles.end();
      break;
  }
}

async function answer({ id, ...call }: ToThread): Promise<void> {
  try {
    await runCall(call);
    send({ id });
  } catch (error) {
    send({ id, error: (error as Error).message, isStartupError: error instanceof StartupError });
  }
}

hops.records$
  .pipe(
    bufferTime(HOPS_EVERY_MS),
    filter((recorded) => recorded.length > 0),
  )
  .subscribe((recorded) => send({ hops: recorded, timeOrigin: performance.timeOrigin }));
parentPort?.on('message', (message: ToThread) => void answer(message));
