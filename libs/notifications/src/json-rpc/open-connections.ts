import { tooManyRequests } from '@level-one/platform';

const WINDOW_MS = 1_000;
const RETRY_AFTER_MS = 10_000;

interface Owned {
  open: number;
  frames: number;
  /** End of the second whose frames are counted. */
  until: number;
}

/** Open websockets, and frames of the current second, by owner. */
export class OpenConnections {
  private readonly owners = new Map<string, Owned>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @throws ContractError 429 TooManyRequestsError if the owner has reached its limit. */
  take(owner: string, max: number): void {
    const owned = this.owners.get(owner) ?? { open: 0, frames: 0, until: 0 };
    if (owned.open >= max) {
      throw tooManyRequests(RETRY_AFTER_MS, { message: `No more than ${max} websockets may be open` });
    }
    owned.open += 1;
    this.owners.set(owner, owned);
  }

  release(owner: string): void {
    const owned = this.owners.get(owner);
    if (!owned) return;
    owned.open -= 1;
    if (owned.open === 0) this.owners.delete(owner);
  }

  /** Counts a frame. @returns the pause in ms before the next is read, if the owner sent too many this second. */
  frame(owner: string, maxPerSecond: number): number {
    const owned = this.owners.get(owner);
    if (!owned) return 0;
    const now = this.now();
    if (now >= owned.until) Object.assign(owned, { frames: 0, until: now + WINDOW_MS });
    owned.frames += 1;
    return owned.frames > maxPerSecond ? owned.until - now : 0;
  }
}
