import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { commonError, CommonErrorId } from '../errors/errors.js';
import { KeyedLanes } from '../limits/keyed-lanes.js';

const WAITING_MAX = 64;
const WAITING_PER_ADDRESS_MAX = 16;
/** Maximum of waiting attempts on an account under attack, so that they do not fill the queue of others. */
const WAITING_SLOWLY_MAX = 8;
/** Pause after each attempt on an account under attack, for addresses that never logged in to it. */
const PAUSE_MS = 250;
const RETRY_AFTER_S = 1;

export interface WaitingLogin {
  account: string;
  address: string;
  /** The account is under attack: its attempts run one by one, with pauses. */
  isSlow: boolean;
  /** The account logged in from this address before, so it is queued even when the queue is full. */
  isKnown: boolean;
}

/**
 * Queue of logins that wait for their hash. Each address has one login in it at a time, so that an honest login waits
 * for at most one login per other address.
 */
export class LoginQueue {
  private readonly addresses = new KeyedLanes();
  private readonly accounts = new KeyedLanes();
  private readonly role = pLimit(1);
  private waiting = 0;

  /** @throws ContractError 503 if too many logins wait. */
  async run<T>({ account, address, isSlow, isKnown }: WaitingLogin, work: () => Promise<T>): Promise<T> {
    const isFull = this.waiting >= WAITING_MAX && !isKnown;
    const isCrowded = isSlow && this.accounts.countOf(account) >= WAITING_SLOWLY_MAX;
    if (isFull || isCrowded || this.addresses.countOf(address) >= WAITING_PER_ADDRESS_MAX) throw isBusy();
    this.waiting += 1;
    try {
      const inTurn = (): Promise<T> => this.addresses.run(address, () => this.role(work));
      return await (isSlow ? this.slowly(account, inTurn) : inTurn());
    } finally {
      this.waiting -= 1;
    }
  }

  /** Resolves before the pause. */
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
