import { type HopRecord, StartupError } from '@level-one/platform';
import { Subject } from 'rxjs';
import { Worker } from 'node:worker_threads';
import type { InstancePlan } from '../plan/topology.js';
import type { RoleGroup, StopStep } from './role-group.js';
import type { FromThread, ThreadCall, ThreadStart, ToThread } from './thread-messages.js';

const WORKER = new URL('./role-thread.worker.js', import.meta.url);

interface Waiting {
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Instances that run in a thread of their own, which another processor can work on. */
export class RoleThread implements RoleGroup {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private calls = 0;

  private readonly recorded = new Subject<HopRecord>();
  /** Hops that the thread's instances record, timed by the clock of this thread. */
  readonly hops$ = this.recorded.asObservable();

  constructor(start: ThreadStart) {
    this.worker = new Worker(WORKER, { name: start.name, workerData: start });
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

  endBeginnings(): Promise<void> {
    return this.call({ method: 'endBeginnings' });
  }

  closeInstances(step: StopStep): Promise<void> {
    return this.call({ method: 'closeInstances', argument: step });
  }

  /** And the thread ends. */
  async end(): Promise<void> {
    await this.call({ method: 'end' });
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
    if ('hops' in message) {
      // Each thread counts its milliseconds from its own start.
      const ahead = message.timeOrigin - performance.timeOrigin;
      for (const hop of message.hops) this.recorded.next({ ...hop, startedMs: hop.startedMs + ahead });
      return;
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve();
    else waiting?.reject(message.isStartupError ? new StartupError(message.error) : new Error(message.error));
  }
}
