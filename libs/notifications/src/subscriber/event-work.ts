import { type RoleLogger, withTrace } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Notification } from '../events/notification.js';
import type { CursorStore } from './subscription-cursor.js';

export interface EventWorkLimits {
  /** Most transfers worked on at the same time; events of one transfer are handled one after the other. */
  maxTransfersInParallel: number;
  /** Times a handler is tried before its event is given up and logged. */
  maxAttempts: number;
  /** Pause after the first failure; doubled after each further one, up to `maxRetryDelayMs`. */
  firstRetryDelayMs: number;
  maxRetryDelayMs: number;
  /**
   * The cursor is written at most this often, and only after events were handled. After a crash, what was handled since
   * the last write is handled again.
   */
  cursorIntervalMs: number;
}

/** Handles one event; `signal` is aborted when the subscriber closes. */
export type NotificationHandler = (notification: Notification, signal: AbortSignal) => Promise<void>;

interface Item {
  notification: Notification;
  done: boolean;
}

/** Handles received events in order per transfer, and moves the cursor past those that are done. */
export class EventWork {
  /** In the order of receipt; done events are removed from the front. */
  private items: Item[] = [];
  private readonly queues = new Map<string, Item[]>();
  private readonly waiting: string[] = [];
  private readonly stopping = new AbortController();
  private running = 0;
  private handledUpTo: bigint | undefined;
  private savedUpTo: bigint | undefined;
  private saving: Promise<void> | undefined;

  constructor(
    private readonly name: string,
    private readonly handle: NotificationHandler,
    private readonly cursor: CursorStore,
    private readonly limits: EventWorkLimits,
    private readonly logger: RoleLogger,
    /** Called after each event that is done. */
    private readonly onDone: () => void,
  ) {}

  /** Events received and not yet done. */
  get backlog(): number {
    return this.items.length;
  }

  accept(notification: Notification): void {
    const item = { notification, done: false };
    this.items.push(item);
    const key = notification.transferId ?? notification.id ?? randomUUID();
    const queue = this.queues.get(key);
    if (queue) {
      queue.push(item);
      return;
    }
    this.queues.set(key, [item]);
    this.waiting.push(key);
    this.startWaiting();
  }

  /** Aborts the handlers, waits for them at most `timeoutMs`, and writes the cursor. */
  async stop(timeoutMs: number): Promise<void> {
    this.stopping.abort();
    const until = Date.now() + timeoutMs;
    while (this.running > 0 && Date.now() < until) await sleep(5);
    await this.saving;
    await this.save();
  }

  private startWaiting(): void {
    while (this.running < this.limits.maxTransfersInParallel && !this.stopping.signal.aborted) {
      const key = this.waiting.shift();
      if (key === undefined) return;
      this.running += 1;
      void this.workOn(key);
    }
  }

  private async workOn(key: string): Promise<void> {
    const queue = this.queues.get(key) ?? [];
    for (let item = queue[0]; item && !this.stopping.signal.aborted; item = queue[0]) {
      item.done = await this.tryItem(item.notification);
      queue.shift();
      this.advance();
    }
    this.queues.delete(key);
    this.running -= 1;
    this.startWaiting();
  }

  /** @returns false if the subscriber closed before the event was handled. */
  private async tryItem(notification: Notification): Promise<boolean> {
    const { signal } = this.stopping;
    const { maxAttempts, firstRetryDelayMs, maxRetryDelayMs } = this.limits;
    const traceId = notification.transferId ?? notification.id ?? randomUUID();
    return withTrace({ traceId }, async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await this.handle(notification, signal);
          return true;
        } catch (err) {
          if (signal.aborted) return false;
          const event = { subscription: this.name, event: notification.event, sequence: String(notification.sequence) };
          if (attempt >= maxAttempts) {
            this.logger.error({ err, attempt, ...event }, 'An event was given up');
            return true;
          }
          this.logger.warn({ err, attempt, ...event }, 'An event could not be handled and is tried again');
        }
        const delayMs = Math.min(firstRetryDelayMs * 2 ** (attempt - 1), maxRetryDelayMs);
        await sleep(delayMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return false;
      }
    });
  }

  private advance(): void {
    const open = this.items.findIndex((item) => !item.done);
    const done = this.items.splice(0, open < 0 ? this.items.length : open);
    for (const { notification } of done) this.handledUpTo = notification.sequence ?? this.handledUpTo;
    this.onDone();
    if (done.length > 0) this.saveSoon();
  }

  private saveSoon(): void {
    if (this.saving || this.handledUpTo === this.savedUpTo || this.stopping.signal.aborted) return;
    this.saving = this.saveAfterPause().finally(() => {
      this.saving = undefined;
      this.saveSoon();
    });
  }

  private async saveAfterPause(): Promise<void> {
    await sleep(this.limits.cursorIntervalMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    await this.save();
  }

  private async save(): Promise<void> {
    const sequence = this.handledUpTo;
    if (sequence === undefined || sequence === this.savedUpTo) return;
    try {
      await this.cursor.save(sequence);
      this.savedUpTo = sequence;
    } catch (err) {
      // Events after the stored cursor are handled again after a restart.
      this.logger.warn({ err, subscription: this.name }, 'The cursor of a subscription could not be saved');
    }
  }
}
