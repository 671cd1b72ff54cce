import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Payment } from '../store/payment.entity.js';

/** A request that waits for the end of a payment. */
export interface PaymentWaiter {
  /** Which payment it is, once it is stored. */
  follow(payment: Payment): void;
  /** The payment as it ended since the waiter listens; undefined after that many ms, or when the role is stopping. */
  wait(ms: number): Promise<Payment | undefined>;
  stop(): void;
}

interface Listener {
  payment: Payment | undefined;
  wake: (ended: Payment | undefined) => void;
}

/** Wakes requests that wait for the outcome of a payment, within this process. */
@Injectable()
export class PaymentWaiters implements OnModuleDestroy {
  private readonly waiting = new Map<string, Set<Listener>>();
  private isClosed = false;

  /** Whether this role is stopping: requests must not wait any longer. */
  get closed(): boolean {
    return this.isClosed;
  }

  /** Begins to listen for the end of a payment. */
  listen(id: string): PaymentWaiter {
    let wake!: Listener['wake'];
    const woken = new Promise<Payment | undefined>((resolve) => {
      wake = resolve;
    });
    const listener: Listener = { payment: undefined, wake };
    const listeners = this.waiting.get(id) ?? new Set();
    this.waiting.set(id, listeners.add(listener));
    if (this.isClosed) wake(undefined);
    return {
      follow: (payment) => {
        listener.payment = payment;
      },
      wait: (ms) => orAfter(woken, ms),
      stop: () => {
        listeners.delete(listener);
        if (listeners.size === 0 && this.waiting.get(id) === listeners) this.waiting.delete(id);
      },
    };
  }

  /** A payment that a request follows, as it was when it began; it may have ended since. */
  findFollowed(id: string): Payment | undefined {
    for (const { payment } of this.waiting.get(id) ?? []) if (payment) return payment;
    return undefined;
  }

  wakeRequests(ended: Payment): void {
    for (const { wake } of this.waiting.get(ended.id) ?? []) wake(ended);
  }

  onModuleDestroy(): void {
    this.isClosed = true;
    for (const listeners of this.waiting.values()) for (const { wake } of listeners) wake(undefined);
  }
}

async function orAfter<T>(woken: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([woken, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
