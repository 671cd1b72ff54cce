import { enterTrace, nameOf, type RoleLogger, type Span } from '@level-one/platform';
import { isRefusal, pauseAfter } from '@level-one/work';
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Notification } from '../events/notification.js';
import type { CursorStore } from './subscription-cursor.js';

export interface EventWorkLimits {
  /** Most transfers worked on at the same time; events of one transfer are handled one after the other. */
  maxTransfersInParallel: number;
  /** Most transfers among whose events one failed before; they are worked on beside the others. */
  maxRetriesInParallel: number;
  /** A handler that works for longer than this no longer keeps others waiting. */
  slowAfterMs: number;
  /**
   * Times a handler is tried if the event itself is refused, or the handler has a fault; then the event is given up and
   * logged. An event that fails because something is away is never given up.
   */
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

/** How far a subscriber is with the events that it received. */
export interface EventProgress {
  /** Sequence of the last event received; undefined before the first. */
  receivedUpTo: bigint | undefined;
  /** All up to it were handled; undefined before the first. */
  handledUpTo: bigint | undefined;
  /** Events received and not yet handled. */
  backlog: number;
  /** How long the oldest of them waits, in ms. */
  oldestWaitsMs: number;
  /** Events that were given up. */
  givenUp: number;
}

interface Item {
  notification: Notification;
  /** Sequence of the event received before this one. */
  before: bigint | undefined;
  /** By `performance.now()`. */
  receivedMs: number;
  failures: number;
  /** Lasts until the event is done or given up; undefined while spans are not recorded. */
  span: Span | undefined;
}

/** Transfers that are worked on, up to a maximum, and those that wait for it. */
interface Lane {
  max: number;
  running: number;
  waiting: string[];
}

/**
 * Handles received events in order per transfer, and moves the cursor to the oldest event that is not done. While an
 * event waits for its next try, the events of other transfers go on. Only events that are not done are in memory.
 */
export class EventWork {
  /** In the order of receipt. */
  private readonly open = new Set<Item>();
  /** By transfer; the first of each is the one to handle. */
  private readonly queues = new Map<string, Item[]>();
  private readonly firstTries: Lane;
  private readonly retries: Lane;
  private readonly stopping = new AbortController();
  /** Handlers that have not ended, those that no longer count in a lane too. */
  private active = 0;
  private givenUp = 0;
  private receivedUpTo: bigint | undefined;
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
  ) {
    // Each event that waits for its next try listens.
    setMaxListeners(0, this.stopping.signal);
    this.firstTries = { max: limits.maxTransfersInParallel, running: 0, waiting: [] };
    this.retries = { max: limits.maxRetriesInParallel, running: 0, waiting: [] };
  }

  /** Events received and not yet done. */
  get backlog(): number {
    return this.open.size;
  }

  /** How far this is with the events that were received since the start. */
  get progress(): EventProgress {
    const [oldest] = this.open;
    return {
      receivedUpTo: this.receivedUpTo,
      handledUpTo: this.handledUpTo,
      backlog: this.open.size,
      oldestWaitsMs: oldest ? performance.now() - oldest.receivedMs : 0,
      givenUp: this.givenUp,
    };
  }

  /** @param span begins with the receipt of the event */
  accept(notification: Notification, span?: Span): void {
    const item = { notification, before: this.receivedUpTo, receivedMs: performance.now(), failures: 0, span };
    this.receivedUpTo = notification.sequence ?? this.receivedUpTo;
    this.open.add(item);
    const key = notification.transferId ?? notification.id ?? randomUUID();
    const queue = this.queues.get(key);
    if (queue) {
      queue.push(item);
      return;
    }
    this.queues.set(key, [item]);
    this.enter(this.firstTries, key);
  }

  /** Aborts the handlers, waits for them at most `timeoutMs`, and writes the cursor. */
  async stop(timeoutMs: number): Promise<void> {
    this.stopping.abort();
    const until = Date.now() + timeoutMs;
    while (this.active > 0 && Date.now() < until) await sleep(5);
    await this.saving;
    await this.save();
  }

  private enter(lane: Lane, key: string): void {
    lane.waiting.push(key);
    this.startWaiting(lane);
  }

  private startWaiting(lane: Lane): void {
    while (lane.running < lane.max && !this.stopping.signal.aborted) {
      const key = lane.waiting.shift();
      if (key === undefined) return;
      void this.workOn(key, lane);
    }
  }

  /** Handles the events of one transfer until there is none, or one has to be tried again later. */
  private async workOn(key: string, lane: Lane): Promise<void> {
    const leave = this.takePlace(lane);
    const queue = this.queues.get(key) ?? [];
    this.active += 1;
    let failed: Item | undefined;
    for (let item = queue[0]; item && !failed && !this.stopping.signal.aborted; item = queue[0]) {
      if (await this.isDone(item)) {
        queue.shift();
        this.advance(item);
      } else failed = item;
    }
    this.active -= 1;
    leave();
    if (queue.length === 0) this.queues.delete(key);
    else if (failed) void this.tryLater(key, failed);
  }

  /** @returns what gives the place in the lane to another transfer; a slow handler gives it up before it ends. */
  private takePlace(lane: Lane): () => void {
    lane.running += 1;
    let isTaken = true;
    const leave = (): void => {
      clearTimeout(timer);
      if (!isTaken) return;
      isTaken = false;
      lane.running -= 1;
      this.startWaiting(lane);
    };
    const timer = setTimeout(leave, this.limits.slowAfterMs);
    timer.unref();
    return leave;
  }

  private async tryLater(key: string, { failures }: Item): Promise<void> {
    const { firstRetryDelayMs: firstMs, maxRetryDelayMs: maxMs } = this.limits;
    const { signal } = this.stopping;
    await sleep(pauseAfter(failures, { firstMs, maxMs }), undefined, { signal, ref: false }).catch(() => undefined);
    if (!signal.aborted) this.enter(this.retries, key);
  }

  /** Handles an event once. @returns false if it has to be handled again. */
  private async isDone(item: Item): Promise<boolean> {
    const { notification, span } = item;
    const { signal } = this.stopping;
    const traceId = notification.transferId ?? notification.id ?? randomUUID();
    return enterTrace({ traceId, span }, async () => {
      try {
        await this.handle(notification, signal);
        if (span) {
          // What failed before has now succeeded.
          span.error = undefined;
          span.end();
        }
        return true;
      } catch (err) {
        if (signal.aborted) return false;
        item.failures += 1;
        return this.isGivenUp(item, err);
      }
    });
  }

  private isGivenUp({ notification, failures: attempt, span }: Item, err: unknown): boolean {
    const { event, sequence } = notification;
    const line = { err, attempt, subscription: this.name, event, sequence: String(sequence) };
    const isGivenUp = attempt >= this.limits.maxAttempts && !mayPass(err);
    span?.set('levelone.attempts', attempt);
    span?.fail(nameOf(err));
    if (isGivenUp) span?.end();
    if (isGivenUp) {
      this.givenUp += 1;
      this.logger.error(line, 'An event was given up');
    } else if (isPowerOfTwo(attempt)) {
      this.logger.warn(line, 'An event could not be handled and is tried again');
    }
    return isGivenUp;
  }

  private advance(done: Item): void {
    this.open.delete(done);
    const [oldest] = this.open;
    this.handledUpTo = oldest ? oldest.before : this.receivedUpTo;
    this.onDone();
    this.saveSoon();
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

/** Classes of SQLSTATE that say that the data itself is wrong. */
const WRONG_DATA = /^2[23]/;

/** Whether an event that failed so may be handled later: neither is it refused, nor has the handler a fault. */
function mayPass(error: unknown): boolean {
  if (isRefusal(error) || error instanceof TypeError || error instanceof RangeError) return false;
  if (error instanceof SyntaxError || error instanceof ReferenceError) return false;
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code !== 'string' || !WRONG_DATA.test(code);
}

/** Failures are logged more and more rarely. */
function isPowerOfTwo(attempt: number): boolean {
  return (attempt & (attempt - 1)) === 0;
}
