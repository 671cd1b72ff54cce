import { createHmac, randomBytes } from 'node:crypto';
import type { BlockList } from 'node:net';
import { type Arrival, addressList, clientAddress } from './client-address.js';
import { tooManyRequests } from '../errors/errors.js';
import { ExpiringMap } from '../limits/expiring-map.js';
import { FailureCounter } from './failure-counter.js';
import { LoginQueue } from './login-queue.js';

/** A name and a secret that somebody sent. */
export interface Login {
  name: string;
  secret: string;
  /** Of {@link LoginGuard.addressOf}. */
  address: string;
}

/** How many failures are taken before anything else is answered 429. */
export interface LoginLimits {
  /** Different wrong secrets of one account from one address, in {@link ACCOUNT_WINDOW_S}. */
  loginFailuresPerAccount: number;
  /** Different wrong credentials from one address, in {@link ADDRESS_WINDOW_S}. */
  loginFailuresPerAddress: number;
  /** Addresses and subnets whose `X-Forwarded-For` is believed, separated by commas. */
  trustedProxies?: string | undefined;
}

/** Points that were taken for one login. */
interface Reserved {
  points: number;
  /** Of its address; 0 when it was logged in from there before. */
  ofAddress: number;
}

export const ACCOUNT_WINDOW_S = 600;
export const ADDRESS_WINDOW_S = 60;

/** A wrong secret that was not sent before is a guess; the same one again tells nobody anything. */
const GUESS = 20;
const REPEAT = 1;
/** Failures of one account from everywhere after which its tries go one by one. */
const GUESSED_AT = 50;
const REMEMBERED_MAX = 10_000;
/** Who logged in from an address before is not kept from it by what others do there. */
const KNOWN_THERE_MS = 24 * 60 * 60 * 1_000;

/**
 * Stands before every place where a name and a secret are checked. What is known to be right passes without it; what is
 * not known is counted by account and address, refused before anything is computed when there were too many failures,
 * and waits in a short queue for its hash. Nobody's failures keep an account out at another address.
 */
export class LoginGuard {
  private readonly digestKey = randomBytes(32);
  private readonly proxies: BlockList;
  private readonly pairs: FailureCounter;
  private readonly addresses: FailureCounter;
  private readonly accounts = new FailureCounter(GUESSED_AT * GUESS, ACCOUNT_WINDOW_S);
  private readonly guesses = new ExpiringMap<true>(ACCOUNT_WINDOW_S * 1_000, REMEMBERED_MAX);
  private readonly knownThere = new ExpiringMap<true>(KNOWN_THERE_MS, REMEMBERED_MAX);
  private readonly queue = new LoginQueue();

  constructor({ loginFailuresPerAccount, loginFailuresPerAddress, trustedProxies = '' }: LoginLimits) {
    this.pairs = new FailureCounter(loginFailuresPerAccount * GUESS, ACCOUNT_WINDOW_S);
    this.addresses = new FailureCounter(loginFailuresPerAddress * GUESS, ADDRESS_WINDOW_S);
    this.proxies = addressList(trustedProxies);
  }

  /** Where a request came from. */
  addressOf(arrival: Arrival): string {
    return clientAddress(arrival, this.proxies);
  }

  /** What a name and a secret are remembered by: it means nothing outside this object. */
  digest(...parts: string[]): string {
    return createHmac('sha256', this.digestKey).update(JSON.stringify(parts)).digest('base64url');
  }

  /**
   * Counts a login that was refused without anything being computed.
   * @throws ContractError 429 TooManyRequestsError when there were too many.
   */
  async countFailure(login: Login): Promise<void> {
    await this.reserve(login);
    this.guesses.set(this.digest(login.name, login.secret), true);
  }

  /**
   * Does the costly work of checking a login that is not known.
   *
   * @param check gives undefined when the login is wrong.
   * @throws ContractError 429 TooManyRequestsError, or 503 when too many wait; `check` was not called then.
   */
  async attempt<T>(login: Login, check: () => Promise<T | undefined>): Promise<T | undefined> {
    const reserved = await this.reserve(login);
    let result: T | undefined;
    let isFailure = false;
    try {
      result = await this.queue.run(await this.waitingOf(login), check);
      isFailure = result === undefined;
    } finally {
      if (!isFailure) await this.release(login, reserved);
    }
    if (isFailure) this.guesses.set(this.digest(login.name, login.secret), true);
    else this.knownThere.set(this.pairOf(login), true);
    return result;
  }

  /** Points are taken before the outcome is known, so that many tries at once are not more than one after the other. */
  private async reserve(login: Login): Promise<Reserved> {
    const points = this.guesses.has(this.digest(login.name, login.secret)) ? REPEAT : GUESS;
    const pair = this.pairOf(login);
    const ofAddress = this.knownThere.has(pair) ? 0 : points;
    // Who has used up an address adds no names either: the oldest counts would be forgotten for them.
    const spentMs = ofAddress === 0 ? 0 : await this.addresses.waitMsOf(login.address, ofAddress);
    if (spentMs > 0) throw tooManyRequests(Math.max(spentMs, await this.pairs.waitMsOf(pair, points)));
    const pairWaitMs = await this.pairs.take(pair, points);
    if (pairWaitMs > 0) throw tooManyRequests(pairWaitMs);
    const waitMs = ofAddress === 0 ? 0 : await this.addresses.take(login.address, ofAddress);
    if (waitMs > 0) {
      await this.pairs.giveBack(pair, points);
      throw tooManyRequests(waitMs);
    }
    await this.accounts.add(this.digest(login.name), points);
    return { points, ofAddress };
  }

  /** Gives back what was taken and no more: others' failures at the address stay counted. */
  private async release(login: Login, { points, ofAddress }: Reserved): Promise<void> {
    await this.pairs.giveBack(this.pairOf(login), points);
    if (ofAddress > 0) await this.addresses.giveBack(login.address, ofAddress);
    await this.accounts.giveBack(this.digest(login.name), points);
  }

  private async waitingOf(login: Login) {
    const account = this.digest(login.name);
    const isKnown = this.knownThere.has(this.pairOf(login));
    const isSlow = !isKnown && (await this.accounts.add(account, 0)) > GUESSED_AT * GUESS;
    return { account, address: login.address, isSlow, isKnown };
  }

  private pairOf({ name, address }: Login): string {
    return this.digest(name, address);
  }
}
