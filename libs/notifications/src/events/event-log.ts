import type { Observable } from 'rxjs';

/** An event that a ledger sends to its subscribers (contract 3.7). */
export type LedgerEventName = 'transfer.create' | 'transfer.update' | 'message.send';

export interface LedgerEvent {
  /** Position in the ledger's log, from 1; gaps are allowed, order is the order of commit. */
  sequence: bigint;
  /** UUID of the event, `params.id` of the notification. */
  id: string;
  event: LedgerEventName;
  /** Names of the accounts concerned; their subscribers and those of all accounts receive the event. */
  accounts: string[];
  /** Transfer or message as it goes over the wire, with absolute URIs. */
  resource: unknown;
  /** For example `{ execution_condition_fulfillment }`; absent if empty. */
  relatedResources?: Record<string, unknown> | undefined;
}

/**
 * The events of one ledger, each stored in the transaction of its change.
 *
 * Readers follow the log by its sequence, so an event must never become visible after one with a higher sequence:
 * the writer takes sequence numbers in commit order (for example under the lock of one counter row).
 */
export interface EventLog {
  /** Events with a sequence above `after`, in order, at most `limit` of them. */
  read(after: bigint, limit: number): Promise<LedgerEvent[]>;
  /**
   * As {@link read}, for a subscriber that catches up: of few accounts, only their events are read.
   * Fewer events than `limit` mean that there were no more when it was called, or that all events were read.
   */
  replay(after: bigint, limit: number, accounts: ReadonlySet<string> | 'all'): Promise<LedgerEvent[]>;
  /** Sequence of the newest event, 0 if there is none. */
  last(): Promise<bigint>;
  /** Emits when there may be new events, also of another instance; only a hint, the log is polled too. */
  wakeups: Observable<void>;
}

/** Injection token of the ledger's {@link EventLog}. */
export const EVENT_LOG = Symbol('EventLog');
