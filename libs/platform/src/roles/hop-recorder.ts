import { Subject } from 'rxjs';
import type { RoleName } from './identity.js';

/** One hop of the contract that really happened, written down by its caller (or, on a websocket, its receiver). */
export interface HopRecord {
  hop: string;
  from: RoleName | 'channel';
  to: RoleName;
  /** DFSP of the instance that wrote it down, null in the centre. */
  recordedAt: string | null;
  /** HTTP method, or `WS` for a websocket frame. */
  method: string;
  /** Where it went: full URL of the request, or of the websocket. */
  url: string;
  /** HTTP status; 0 when no answer came; null on a websocket. */
  status: number | null;
  durationMs: number;
  traceId: string;
  /** When it began, ISO-8601. */
  at: string;
  /** The same by the clock of the process, in milliseconds: finer than `at`, so that hops of one process can be sorted. */
  startedMs: number;
}

/** Where the hops of an instance are told; a host may listen, nobody has to. */
export class HopRecorder {
  private readonly subject = new Subject<HopRecord>();
  readonly records$ = this.subject.asObservable();

  record(record: HopRecord): void {
    this.subject.next(record);
  }
}
