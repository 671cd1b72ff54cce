import { tooManyRequests } from '@level-one/platform';

/** How much may be open at once. */
export interface OpenLimits {
  /** For each DFSP that is proven. */
  perDfsp: number;
  /** For all others together. */
  unsigned: number;
}

const NOBODY = '';

/**
 * What other DFSPs hold open here, until it ends or its time is over. In memory: what was begun before a restart is not
 * counted, and ends by itself.
 */
export class OpenThings {
  private readonly byOwner = new Map<string, Map<string, number>>();

  constructor(
    private readonly limits: OpenLimits,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Holds a thing open while it is made, and afterwards until its time is over; not when it cannot be made.
   * @throws ContractError 429 TooManyRequestsError, and whatever `make` throws.
   */
  async during<T>(dfsp: string | undefined, id: string, until: Date, make: () => Promise<T>): Promise<T> {
    const isNew = this.hold(dfsp, id, until);
    const open = this.byOwner.get(dfsp ?? NOBODY)!;
    try {
      const made = await make();
      // Another try of the same, which failed meanwhile, may have ended what this one made.
      if (!open.has(id)) open.set(id, until.getTime());
      return made;
    } catch (error) {
      // Somebody else may have made it meanwhile, or hold it.
      if (isNew) open.delete(id);
      throw error;
    }
  }

  /**
   * Opens a thing, or keeps it open until another time; false for what was open. `dfsp` is undefined for whoever is not proven.
   * @throws ContractError 429 TooManyRequestsError when its owner has too many open.
   */
  hold(dfsp: string | undefined, id: string, until: Date): boolean {
    const open = this.byOwner.get(dfsp ?? NOBODY) ?? new Map<string, number>();
    const max = dfsp === undefined ? this.limits.unsigned : this.limits.perDfsp;
    const isNew = !open.has(id);
    if (isNew && open.size >= max) this.makeRoom(open, max);
    open.set(id, until.getTime());
    this.byOwner.set(dfsp ?? NOBODY, open);
    return isNew;
  }

  /** It has ended. */
  release(id: string): void {
    for (const open of this.byOwner.values()) open.delete(id);
  }

  private makeRoom(open: Map<string, number>, max: number): void {
    for (const [id, until] of open) if (until <= this.now()) open.delete(id);
    if (open.size < max) return;
    const first = [...open.values()].reduce((a, b) => Math.min(a, b));
    throw tooManyRequests(first - this.now(), {
      message: 'Too much is open already; end it, or wait until its time is over',
    });
  }
}
