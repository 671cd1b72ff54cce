import { HopRecorder, StartupError } from '@level-one/platform';
import { parentPort, workerData } from 'node:worker_threads';
import { examplesAt } from '../pages/examples.js';
import { LocalRoleHost } from './role-host.js';
import type { FromThread, ThreadCall, ThreadStart, ToThread } from './thread-messages.js';

/** Runs the instances of one thread, see `RoleThread`. */
const { portBase } = workerData as ThreadStart;
const hops = new HopRecorder();
const host = new LocalRoleHost({ hops, moveExamples: examplesAt(portBase) });
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
const send = (message: FromThread): void => parentPort?.postMessage(message);

function runCall(call: ThreadCall): Promise<void> {
  if (call.method === 'startInstances') return host.startInstances(call.argument);
  if (call.method === 'closeInstances') return host.closeInstances(call.argument);
  return host.assertReady();
}

async function answer({ id, ...call }: ToThread): Promise<void> {
  try {
    await runCall(call);
    send({ id });
  } catch (error) {
    send({ id, error: (error as Error).message, isStartupError: error instanceof StartupError });
  }
}

hops.records$.subscribe((hop) => send({ hop, timeOrigin: performance.timeOrigin }));
parentPort?.on('message', (message: ToThread) => void answer(message));
