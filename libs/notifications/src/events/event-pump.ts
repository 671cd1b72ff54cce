import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { type Observable, Subject, type Subscription } from 'rxjs';
import { EVENT_LOG, type EventLog, type LedgerEvent } from './event-log.js';

const BATCH_EVENTS = 500;
/** The longest delay after a lost wake-up; with wake-ups events are sent at once. */
const POLL_INTERVAL_MS = 1_000;
const RETRY_AFTER_FAILURE_MS = 1_000;

/** Follows a ledger's log from its end at start, and emits each event once, in order; those read together, together. */
@Injectable()
export class EventPump implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly subject = new Subject<readonly LedgerEvent[]>();
  private wake: () => void = () => undefined;
  private wakeups: Subscription | undefined;
  private running: Promise<void> | undefined;
  private stopping = false;
  private dirty = false;
  private reached = 0n;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly logger: RoleLogger,
  ) {}

  /** Events as they are committed. */
  get events$(): Observable<readonly LedgerEvent[]> {
    return this.subject;
  }

  /** Sequence of the last event emitted; everything up to it is in the log. */
  get position(): bigint {
    return this.reached;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.wakeups = this.log.wakeups.subscribe(() => {
      this.dirty = true;
      this.wake();
    });
    this.reached = await this.log.last();
    this.running = this.run();
  }

  /** Emits what is left in the log before the websockets are closed. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    this.wake();
    this.wakeups?.unsubscribe();
    await this.running;
    // What was committed while this role stopped; no request is under way any more.
    await this.drain();
    this.subject.complete();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.dirty = false;
      const delayMs = await this.drain();
      // A wake-up during the read may be for an event that the read did not see.
      if (!this.dirty && !this.stopping) await this.sleep(delayMs);
    }
  }

  /** Reads the log to its end. @returns the longest wait for a wake-up before the next read, in ms. */
  private async drain(): Promise<number> {
    try {
      for (;;) {
        const events = await this.log.read(this.reached, BATCH_EVENTS);
        const last = events.at(-1);
        if (last) {
          this.reached = last.sequence;
          this.subject.next(events);
        }
        if (events.length < BATCH_EVENTS) return POLL_INTERVAL_MS;
      }
    } catch (err) {
      if (!this.stopping) this.logger.error({ err }, 'The event log cannot be read');
      return RETRY_AFTER_FAILURE_MS;
    }
  }

  private sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
