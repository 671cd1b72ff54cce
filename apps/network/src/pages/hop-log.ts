import type { HopRecord, HopRecorder } from '@level-one/platform';
import { type Observable, Subject } from 'rxjs';
import type { InstancePlan } from '../plan/topology.js';

const HOPS_KEPT = 5_000;

/** A hop with both ends named. */
export interface NetworkHop extends HopRecord {
  fromDfsp: string | null;
  toDfsp: string | null;
  path: string;
}

/**
 * Hops in causal order. All are timed by one clock, and a hop that causes another one begins before it, although it ends
 * after it.
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
    recorder.records$.subscribe((record) => this.add(record));
  }

  get hops$(): Observable<NetworkHop> {
    return this.subject;
  }

  /** Newest last; of one trace when given. */
  list(traceId?: string): NetworkHop[] {
    return traceId === undefined ? [...this.kept] : this.kept.filter((hop) => hop.traceId === traceId);
  }

  private add(record: HopRecord): void {
    const url = new URL(record.url);
    const hop = { ...record, ...this.ends(record, url), path: url.pathname };
    this.kept.push(hop);
    if (this.kept.length > HOPS_KEPT) this.kept.shift();
    this.subject.next(hop);
  }

  /** A websocket frame travels from the ledger to its subscriber, who wrote it down. */
  private ends(record: HopRecord, url: URL): Pick<NetworkHop, 'fromDfsp' | 'toDfsp'> {
    const peer = this.dfspByOrigin.get(url.host) ?? null;
    return record.method === 'WS'
      ? { fromDfsp: peer, toDfsp: record.recordedAt }
      : { fromDfsp: record.recordedAt, toDfsp: peer };
  }
}
