import type { HopRecord, HopRecorder } from '@level-one/platform';
import { map, type Observable } from 'rxjs';
import type { InstancePlan } from '../plan/topology.js';

const HOPS_KEPT = 5_000;

/** A hop with the DFSPs of both ends. */
export interface NetworkHop extends Omit<HopRecord, 'at'> {
  /** Start time, ISO-8601. */
  at: string;
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
  /** A ring: once it is full, the next hop takes the place of the oldest. */
  private readonly kept: HopRecord[] = [];
  private oldest = 0;
  private readonly dfspByOrigin: Map<string, string | null>;
  /** Each new hop. */
  readonly hops$: Observable<NetworkHop>;

  constructor(recorder: HopRecorder, instances: readonly InstancePlan[]) {
    this.dfspByOrigin = new Map(instances.map(({ baseUrl, dfsp }) => [new URL(baseUrl).host, dfsp]));
    this.hops$ = recorder.records$.pipe(map((record) => this.networkHop(record)));
    recorder.records$.subscribe((record) => this.keepHop(record));
  }

  /** Hops of the network, or of one trace; newest last. */
  listHops(traceId?: string): NetworkHop[] {
    const inOrder = [...this.kept.slice(this.oldest), ...this.kept.slice(0, this.oldest)];
    const wanted = traceId === undefined ? inOrder : inOrder.filter((hop) => hop.traceId === traceId);
    return wanted.map((record) => this.networkHop(record));
  }

  private keepHop(record: HopRecord): void {
    if (this.kept.length < HOPS_KEPT) {
      this.kept.push(record);
      return;
    }
    this.kept[this.oldest] = record;
    this.oldest = (this.oldest + 1) % HOPS_KEPT;
  }

  private networkHop(record: HopRecord): NetworkHop {
    const url = new URL(record.url);
    return { ...record, at: record.at.toISOString(), ...this.endsOf(record, url), path: url.pathname };
  }

  /** DFSPs of both ends. A websocket frame is recorded by its subscriber, but goes from the ledger to it. */
  private endsOf(record: HopRecord, url: URL): Pick<NetworkHop, 'fromDfsp' | 'toDfsp'> {
    const peer = this.dfspByOrigin.get(url.host) ?? null;
    return record.method === 'WS'
      ? { fromDfsp: peer, toDfsp: record.recordedAt }
      : { fromDfsp: record.recordedAt, toDfsp: peer };
  }
}
