import { type HopRecorder, StartupError } from '@level-one/platform';
import { Worker } from 'node:worker_threads';
import type { RoleHost } from './role-host.js';
import type { InstancePlan } from '../plan/topology.js';
import type { FromThread, ThreadCall, ThreadStart, ToThread } from './thread-messages.js';

const WORKER = new URL('./role-thread.worker.js', import.meta.url);

interface Waiting {
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Runs instances in a thread of its own, so that another processor can work on them. */
export class RoleThread implements RoleHost {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private calls = 0;

  /** @param hops is sent what the thread's instances record. */
  constructor(
    name: string,
    start: ThreadStart,
    private readonly hops: HopRecorder,
  ) {
    this.worker = new Worker(WORKER, { name, workerData: start });
    this.worker.on('message', (message: FromThread) => this.receive(message));
    // As an uncaught error in this thread, it ends the process.
    this.worker.on('error', (error) => {
      throw error;
    });
  }

  startInstances(instances: readonly InstancePlan[]): Promise<void> {
    return this.call({ method: 'startInstances', argument: instances });
  }

  assertReady(): Promise<void> {
    return this.call({ method: 'assertReady' });
  }

  closeInstances(which: 'first' | 'others'): Promise<void> {
    return this.call({ method: 'closeInstances', argument: which });
  }

  /** Ends the thread; its instances are to be closed before. */
  async terminate(): Promise<void> {
    await this.worker.terminate();
  }

  private call(call: ThreadCall): Promise<void> {
    const id = (this.calls += 1);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.worker.postMessage({ id, ...call } satisfies ToThread);
    });
  }

  private receive(message: FromThread): void {
    if ('hop' in message) {
      const { hop, timeOrigin } = message;
      // Each thread counts its milliseconds from its own start.
      this.hops.recordHop({ ...hop, startedMs: hop.startedMs + timeOrigin - performance.timeOrigin });
      return;
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve();
    else waiting?.reject(message.isStartupError ? new StartupError(message.error) : new Error(message.error));
  }
}
