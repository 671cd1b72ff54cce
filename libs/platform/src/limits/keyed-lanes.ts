import pLimit, { type LimitFunction } from 'p-limit';

/** One lane per key: what runs under a key runs one after the other. */
export class KeyedLanes {
  private readonly lanes = new Map<string, { limit: LimitFunction; users: number }>();

  /** How many run or wait under a key. */
  waiting(key: string): number {
    return this.lanes.get(key)?.users ?? 0;
  }

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const lane = this.lanes.get(key) ?? { limit: pLimit(1), users: 0 };
    this.lanes.set(key, lane);
    lane.users += 1;
    try {
      return await lane.limit(work);
    } finally {
      lane.users -= 1;
      if (lane.users === 0) this.lanes.delete(key);
    }
  }
}
