import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Wakes requests that wait for the outcome of a payment, within this process. */
@Injectable()
export class PaymentWaiters implements OnModuleDestroy {
  private readonly waiting = new Map<string, Set<() => void>>();
  private isClosed = false;

  /** Whether this role is stopping: requests must not wait any longer. */
  get closed(): boolean {
    return this.isClosed;
  }

  /** Begins to listen; `wait` resolves when the payment was woken since, or after that many ms. */
  listen(id: string): { wait(ms: number): Promise<void>; stop(): void } {
    let wake!: () => void;
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const waiters = this.waiting.get(id) ?? new Set();
    this.waiting.set(id, waiters.add(wake));
    if (this.isClosed) wake();
    const stop = (): void => {
      waiters.delete(wake);
      if (waiters.size === 0 && this.waiting.get(id) === waiters) this.waiting.delete(id);
    };
    return { wait: (ms) => orAfter(woken, ms), stop };
  }

  wakeRequests(id: string): void {
    for (const wake of this.waiting.get(id) ?? []) wake();
  }

  onModuleDestroy(): void {
    this.isClosed = true;
    for (const id of this.waiting.keys()) this.wakeRequests(id);
  }
}

async function orAfter(woken: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([woken, timeout]);
  clearTimeout(timer);
}
