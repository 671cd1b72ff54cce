import { commonError, CommonErrorId } from '../errors/errors.js';

/** Bounds of an {@link AdmissionLimiter}. */
export interface AdmissionBounds {
  /** Requests that are worked on at once while the process has no idle time. 0 means no limit at all. */
  admissionMin: number;
  /** Maximum of requests that are worked on at once. */
  admissionMax: number;
  /** Maximum of requests that wait. */
  admissionQueue: number;
  /** Maximum time in which a request waits, in ms. */
  admissionWaitMs: number;
}

/** Further requests that are admitted after a time with idle time in it, and share that stays after one without. */
const RISE = 4;
const FALL = 0.75;
const RETRY_AFTER_S = 1;
const NO_BOUNDS: AdmissionBounds = { admissionMin: 0, admissionMax: 0, admissionQueue: 0, admissionWaitMs: 0 };

interface Waiting {
  goesFirst: boolean;
  admit: () => void;
  refuse: () => void;
}

/**
 * Limits the requests that are worked on at once. Further ones wait for a short time, and are refused before anything is
 * done for them. The limit falls to its minimum while the process is saturated, and rises while requests wait although
 * it is not: then they wait for others.
 */
export class AdmissionLimiter {
  private admitted = 0;
  private limit: number;
  private waiting: Waiting[] = [];
  private refused = 0;

  constructor(private readonly bounds: AdmissionBounds) {
    this.limit = bounds.admissionMin;
  }

  /** The limiter of a role; without bounds in its settings it limits nothing. */
  static of(settings: object): AdmissionLimiter {
    return new AdmissionLimiter('admissionMin' in settings ? (settings as AdmissionBounds) : NO_BOUNDS);
  }

  get isOff(): boolean {
    return this.bounds.admissionMin === 0;
  }

  get counts(): { admitted: number; waiting: number; limit: number } {
    return { admitted: this.admitted, waiting: this.waiting.length, limit: this.limit };
  }

  /** How many requests were refused so far. */
  get refusedCount(): number {
    return this.refused;
  }

  /**
   * Waits until the request may be worked on. Call {@link release} when it is done.
   * @param goesFirst before those that wait without it; the last of these is refused if the queue is full.
   * @throws ContractError 503 ServiceUnavailableError if the queue is full, or after the time of waiting.
   */
  async admit(goesFirst = false): Promise<void> {
    if (this.admitted < this.limit && this.waiting.length === 0) {
      this.admitted += 1;
      return;
    }
    try {
      await this.waitForTurn(goesFirst);
    } catch (error) {
      this.refused += 1;
      throw error;
    }
  }

  release(): void {
    this.admitted -= 1;
    this.admitWaiting();
  }

  /** Moves the limit. @param isSaturated whether the process had no idle time since the last call. */
  adapt(isSaturated: boolean): void {
    const { admissionMin, admissionMax } = this.bounds;
    if (isSaturated) this.limit = Math.max(admissionMin, Math.floor(this.limit * FALL));
    else if (this.waiting.length > 0) this.limit = Math.min(Math.max(admissionMin, admissionMax), this.limit + RISE);
    this.admitWaiting();
  }

  private admitWaiting(): void {
    while (this.waiting.length > 0 && this.admitted < this.limit) {
      this.admitted += 1;
      this.waiting.shift()!.admit();
    }
  }

  private waitForTurn(goesFirst: boolean): Promise<void> {
    if (this.waiting.length >= this.bounds.admissionQueue && !(goesFirst && this.refuseLast())) throw hasTooMuchToDo();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(one), 1);
        one.refuse();
      }, this.bounds.admissionWaitMs);
      const one: Waiting = {
        goesFirst,
        admit: () => {
          clearTimeout(timer);
          resolve();
        },
        refuse: () => {
          clearTimeout(timer);
          reject(hasTooMuchToDo());
        },
      };
      const others = goesFirst ? this.waiting.findIndex((other) => !other.goesFirst) : -1;
      this.waiting.splice(others < 0 ? this.waiting.length : others, 0, one);
    });
  }

  /** Refuses the last request in the queue unless it goes first. Answers whether it did. */
  private refuseLast(): boolean {
    if (this.waiting.at(-1)?.goesFirst !== false) return false;
    this.waiting.pop()!.refuse();
    return true;
  }
}

function hasTooMuchToDo(): Error {
  return commonError(CommonErrorId.ServiceUnavailable, {
    message: 'This role has too much to do now; nothing was done for this request',
    retryAfterS: RETRY_AFTER_S,
  });
}
