import type { Observable } from 'rxjs';

/** What a ledger tells its subscribers (contract 3.7). */
export type LedgerEventName = 'transfer.create' | 'transfer.update' | 'message.send';

export interface LedgerEvent {
  /** Position in the ledger's log, from 1; gaps are allowed, order is the order of commit. */
  sequence: bigint;
  /** UUID of the event, `params.id` of the notification. */
  id: string;
  event: LedgerEventName;
  /** Names of the accounts concerned; their subscribers and those of all accounts are told. */
  accounts: string[];
  /** Transfer or message as it goes over the wire, with absolute URIs. */
  resource: unknown;
  /** For example `{ execution_condition_fulfillment }`; absent when there is nothing to say. */
  relatedResources?: Record<string, unknown> | undefined;
}

/**
 * The events of one ledger, kept in the transaction of the change each tells about.
 *
 * Readers follow the log by its sequence, so an event must never become visible after one with a higher sequence:
 * the writer takes sequence numbers in commit order (for example under the lock of one counter row).
 */
export interface EventLog {
  /** Events with a sequence above `after`, in order, at most `limit` of them. */
  read(after: bigint, limit: number): Promise<LedgerEvent[]>;
  /**
   * As {@link read}, for a subscriber that catches up: where it watches few accounts, what is read is only theirs.
   * Fewer events than `limit` mean that there were no more of them when it was called, or that all events were read.
   */
  replay(after: bigint, limit: number, accounts: ReadonlySet<string> | 'all'): Promise<LedgerEvent[]>;
  /** Sequence of the newest event, 0 when there is none. */
  last(): Promise<bigint>;
  /** Tells that there may be something new, also when another instance wrote it; a hint only, the log is polled too. */
  wakeups: Observable<void>;
}

/** Injection token of the ledger's {@link EventLog}. */
export const EVENT_LOG = Symbol('EventLog');
