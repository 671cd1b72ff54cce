import type { Writable } from 'node:stream';
import type { RoleLogger } from '@level-one/platform';
import { fromEvent, takeUntil } from 'rxjs';
import type { WebSocket } from 'ws';
import { CLOSE, closeSocket, sendPaced, sendTogether } from '../json-rpc/bounded-socket.js';
import type { EventLog, LedgerEvent, LedgerEventName } from '../events/event-log.js';
import type { EventPump } from '../events/event-pump.js';
import { notifyFrame } from '../events/notification.js';
import type { ReplayLanes } from '../events/replay-lanes.js';

const REPLAY_PAGE_EVENTS = 100;

/** The events a client subscribed to. */
export interface Interest {
  /** `*`, `transfer.*` or the name of one event. */
  eventType: string;
  accounts: ReadonlySet<string> | 'all';
}

/** What a connection needs. */
export interface SubscriberServices {
  /** Account of the subscriber. */
  name: string;
  pump: EventPump;
  log: EventLog;
  lanes: ReplayLanes;
  logger: RoleLogger;
  maxBufferedBytes: number;
  /** Stream under the websocket. */
  stream: Writable;
}

/** A connection has at most one list of accounts and one subscription to all accounts. */
export type Slot = 'accounts' | 'all';

/** One interest, and how far in the log it has been served. */
interface Served extends Interest {
  /** The first event has a higher sequence than this. */
  since: bigint;
  /** Every event up to this sequence was sent or does not match. */
  upTo: bigint;
}

/**
 * Sends the events of one websocket: each once, in order, from the start of each interest.
 *
 * While an interest is behind the pump, the log is read and live events are skipped (the log has them too); once
 * everything up to the pump's position was sent, the pump's events are sent as they come. The switch happens between
 * two events, so there is neither a gap nor a repetition.
 */
export class SubscriberConnection {
  private readonly slots = new Map<Slot, Served>();
  /** Counts changes of the slots. */
  private version = 0;
  /** True while the log is read: live events are skipped. */
  private behind = false;
  private replaying = false;
  /** Nothing is sent for a new interest before its reply. */
  private awaitingReply = false;
  private closed = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly services: SubscriberServices,
  ) {
    const closed$ = fromEvent(socket, 'close');
    closed$.subscribe(() => (this.closed = true));
    services.pump.events$.pipe(takeUntil(closed$)).subscribe((events) => this.onLive(events));
  }

  /**
   * Sets or replaces the interest of one slot. An interest that replaces another one continues from its position, unless
   * `resumeFrom` is given. Call {@link catchUp} after the reply was sent.
   *
   * @param resumeFrom sequence after which to begin; undefined: events that are committed from now on.
   */
  async subscribe(slot: Slot, interest: Interest, resumeFrom: bigint | undefined): Promise<void> {
    const end = resumeFrom ?? (await this.services.log.last());
    const since = resumeFrom ?? this.slots.get(slot)?.upTo ?? end;
    this.slots.set(slot, { ...interest, since, upTo: since });
    this.version += 1;
    this.behind = true;
    this.awaitingReply = true;
  }

  unsubscribe(slot: Slot): void {
    this.slots.delete(slot);
    this.version += 1;
  }

  /** Whether the connection receives events of this type about this account. */
  watches(event: LedgerEventName, account: string): boolean {
    return [...this.slots.values()].some((interest) => matches(interest, { event, accounts: [account] }));
  }

  /** How many sequence numbers of the log it was not served with yet, up to `position`. */
  behindBy(position: bigint): bigint {
    const lowest = this.lowest();
    return lowest === undefined || lowest >= position ? 0n : position - lowest;
  }

  /** Sends what the log has for this connection, then goes live. */
  catchUp(): void {
    this.awaitingReply = false;
    if (this.replaying) return;
    this.replay().catch((err: unknown) => {
      this.services.logger.error({ err }, 'A websocket subscriber could not be served from the event log');
      closeSocket(this.socket, CLOSE.tryAgainLater, 'The event log cannot be read');
    });
  }

  private async replay(): Promise<void> {
    this.replaying = true;
    try {
      while (!this.closed && !this.awaitingReply) {
        const from = this.lowest();
        if (from === undefined || from >= this.services.pump.position) {
          // No await since the comparison: the next live event is the first that was not sent yet.
          this.behind = false;
          return;
        }
        await this.replayPage(from);
      }
    } finally {
      this.replaying = false;
    }
  }

  private async replayPage(from: bigint): Promise<void> {
    const { version } = this;
    const { name, pump, lanes, maxBufferedBytes } = this.services;
    const end = pump.position;
    const events = await lanes.read(name, () => this.readPage(from));
    for (const event of events) {
      // Another subscribe begins elsewhere in the log.
      if (this.closed || version !== this.version) return;
      if (!this.take(event)) continue;
      this.closed ||= !(await sendPaced(this.socket, notifyFrame(event), maxBufferedBytes / 4));
    }
    if (version === this.version && events.length < REPLAY_PAGE_EVENTS) this.advance(end);
  }

  /** Reads and formats the next events of this connection, inside a lane. */
  private async readPage(from: bigint): Promise<LedgerEvent[]> {
    if (this.closed) return [];
    const events = await this.services.log.replay(from, REPLAY_PAGE_EVENTS, this.watched());
    const interests = [...this.slots.values()];
    for (const event of events) if (interests.some((interest) => matches(interest, event))) notifyFrame(event);
    return events;
  }

  /** Every account that an interest names. */
  private watched(): ReadonlySet<string> | 'all' {
    const watched = [...this.slots.values()].map(({ accounts }) => accounts);
    return watched.includes('all') ? 'all' : new Set(watched.flatMap((accounts) => Array.from(accounts)));
  }

  private onLive(events: readonly LedgerEvent[]): void {
    if (this.behind) return;
    const frames = events.filter((event) => this.take(event)).map(notifyFrame);
    sendTogether(this.socket, this.services.stream, frames, this.services.maxBufferedBytes);
  }

  /** Marks the event as done. @returns whether it has to be sent. */
  private take(event: LedgerEvent): boolean {
    const { sequence } = event;
    const interested = [...this.slots.values()].filter((served) => matches(served, event));
    const sentBefore = interested.some((served) => sequence > served.since && sequence <= served.upTo);
    const wanted = interested.some((served) => sequence > served.upTo);
    this.advance(sequence);
    return wanted && !sentBefore;
  }

  private advance(sequence: bigint): void {
    for (const served of this.slots.values()) {
      if (sequence > served.upTo) served.upTo = sequence;
    }
  }

  private lowest(): bigint | undefined {
    const positions = [...this.slots.values()].map((served) => served.upTo);
    return positions.length === 0 ? undefined : positions.reduce((a, b) => (a < b ? a : b));
  }
}

function matches(interest: Interest, event: Pick<LedgerEvent, 'event' | 'accounts'>): boolean {
  const { accounts, eventType } = interest;
  if (accounts !== 'all' && !event.accounts.some((name) => accounts.has(name))) return false;
  return eventType === '*' || eventType === event.event || (eventType === 'transfer.*' && isTransferEvent(event));
}

function isTransferEvent(event: Pick<LedgerEvent, 'event'>): boolean {
  return event.event === 'transfer.create' || event.event === 'transfer.update';
}
