import { Subject } from 'rxjs';
import type { ServiceName } from './identity.js';

/** One hop that happened, recorded by its caller (on a websocket: its receiver). */
export interface HopRecord {
  hop: string;
  from: ServiceName | 'channel';
  to: ServiceName;
  /** DFSP of the recording instance; null in the centre. */
  recordedAt: string | null;
  /** HTTP method, or `WS` for a websocket frame. */
  method: string;
  /** Full URL of the request or the websocket. */
  url: string;
  /** HTTP status; 0 if no answer came; null on a websocket. */
  status: number | null;
  durationMs: number;
  traceId: string;
  /** Start time. */
  at: Date;
  /** Start time by the clock of the process, in ms. Finer than `at`, so that hops of one process can be sorted. */
  startedMs: number;
}

/** Emits the hops of an instance to who subscribes, and to the recorder of its host. */
export class HopRecorder {
  private readonly subject = new Subject<HopRecord>();
  readonly records$ = this.subject.asObservable();

  /** @param host recorder for all roles of a host */
  constructor(private readonly host?: HopRecorder) {}

  /** Whether anybody wants them. */
  get isObserved(): boolean {
    return this.subject.observed || (this.host?.isObserved ?? false);
  }

  recordHop(record: HopRecord): void {
    this.subject.next(record);
    this.host?.recordHop(record);
  }
}
