import type { HopRecord, HopRecorder } from '@level-one/platform';
import { type Observable, Subject } from 'rxjs';
import type { InstancePlan } from '../plan/topology.js';

const HOPS_KEPT = 5_000;

/** A hop with the DFSPs of both ends. */
export interface NetworkHop extends HopRecord {
  fromDfsp: string | null;
  toDfsp: string | null;
  path: string;
}

/**
 * Sorts hops causally, by their start: a hop starts before those that it causes, and ends after them. All are timed by
 * one clock.
 */
export function causalOrder<T extends Pick<NetworkHop, 'startedMs'>>(hops: readonly T[]): T[] {
  return hops.toSorted((a, b) => a.startedMs - b.startedMs);
}

/** The last hops of the whole network, in the order in which they ended. */
export class HopLog {
  private readonly kept: NetworkHop[] = [];
  private readonly subject = new Subject<NetworkHop>();
  private readonly dfspByOrigin: Map<string, string | null>;

  constructor(recorder: HopRecorder, instances: readonly InstancePlan[]) {
    this.dfspByOrigin = new Map(instances.map(({ baseUrl, dfsp }) => [new URL(baseUrl).host, dfsp]));
    recorder.records$.subscribe((record) => this.addHop(record));
  }

  get hops$(): Observable<NetworkHop> {
    return this.subject;
  }

  /** Hops of the network, or of one trace; newest last. */
  listHops(traceId?: string): NetworkHop[] {
    return traceId === undefined ? [...this.kept] : this.kept.filter((hop) => hop.traceId === traceId);
  }

  private addHop(record: HopRecord): void {
    const url = new URL(record.url);
    const hop = { ...record, ...this.endsOf(record, url), path: url.pathname };
    this.kept.push(hop);
    if (this.kept.length > HOPS_KEPT) this.kept.shift();
    this.subject.next(hop);
  }

  /** DFSPs of both ends. A websocket frame is recorded by its subscriber, but goes from the ledger to it. */
  private endsOf(record: HopRecord, url: URL): Pick<NetworkHop, 'fromDfsp' | 'toDfsp'> {
    const peer = this.dfspByOrigin.get(url.host) ?? null;
    return record.method === 'WS'
      ? { fromDfsp: peer, toDfsp: record.recordedAt }
      : { fromDfsp: record.recordedAt, toDfsp: peer };
  }
}
