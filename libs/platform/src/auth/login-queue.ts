import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { commonError, CommonErrorId } from '../errors/errors.js';
import { KeyedLanes } from '../limits/keyed-lanes.js';

const WAITING_MAX = 64;
const WAITING_PER_ADDRESS_MAX = 16;
/** Of an account that many guess at; its tries must not fill the queue of all others. */
const WAITING_SLOWLY_MAX = 8;
/** Pause after each try on an account that many guess at, for those who were never logged in to it. */
const PAUSE_MS = 250;
const RETRY_AFTER_S = 1;

export interface Waiting {
  account: string;
  address: string;
  /** Many guess at this account: its tries go one by one, and slowly. */
  isSlow: boolean;
  /** It was logged in from there before, so it is not turned away because of others. */
  isKnown: boolean;
}

/**
 * Where logins wait for their hash. Each address has one in the queue of the role at a time, so that an honest login
 * waits behind as many as there are addresses that try, whatever each of them sends.
 */
export class LoginQueue {
  private readonly addresses = new KeyedLanes();
  private readonly accounts = new KeyedLanes();
  private readonly role = pLimit(1);
  private waiting = 0;

  /** @throws ContractError 503 when too many wait. */
  async run<T>({ account, address, isSlow, isKnown }: Waiting, work: () => Promise<T>): Promise<T> {
    const isFull = this.waiting >= WAITING_MAX && !isKnown;
    const isCrowded = isSlow && this.accounts.waiting(account) >= WAITING_SLOWLY_MAX;
    if (isFull || isCrowded || this.addresses.waiting(address) >= WAITING_PER_ADDRESS_MAX) throw isBusy();
    this.waiting += 1;
    try {
      const inTurn = (): Promise<T> => this.addresses.run(address, () => this.role(work));
      return await (isSlow ? this.slowly(account, inTurn) : inTurn());
    } finally {
      this.waiting -= 1;
    }
  }

  /** The answer does not wait for the pause. */
  private slowly<T>(account: string, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      void this.accounts.run(account, async () => {
        await work().then(resolve, reject);
        await sleep(PAUSE_MS, undefined, { ref: false });
      });
    });
  }
}

function isBusy(): Error {
  return commonError(CommonErrorId.ServiceUnavailable, {
    message: 'Too many logins are waiting',
    retryAfterS: RETRY_AFTER_S,
  });
}
