import pLimit, { type LimitFunction } from 'p-limit';

/** Runs work of the same key one after the other. */
export class KeyedLanes {
  private readonly lanes = new Map<string, { limit: LimitFunction; users: number }>();

  /** Number of running and waiting works of a key. */
  countOf(key: string): number {
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
