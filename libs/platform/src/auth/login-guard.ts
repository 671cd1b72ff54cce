import { hash, randomBytes } from 'node:crypto';
import type { BlockList } from 'node:net';
import { type Arrival, addressList, clientAddress } from './client-address.js';
import { tooManyRequests } from '../errors/errors.js';
import { ExpiringMap } from '../limits/expiring-map.js';
import { FailureCounter } from './failure-counter.js';
import { LoginQueue } from './login-queue.js';

/** A login attempt: name, secret and address of the caller. */
export interface Login {
  name: string;
  secret: string;
  /** See {@link LoginGuard.addressOf}. */
  address: string;
}

/** Numbers of failures after which logins are answered 429. */
export interface LoginLimits {
  /** Different wrong secrets per account and address, in {@link ACCOUNT_WINDOW_S}. */
  loginFailuresPerAccount: number;
  /** Different wrong credentials per address, in {@link ADDRESS_WINDOW_S}. */
  loginFailuresPerAddress: number;
  /** Addresses and subnets of proxies whose `X-Forwarded-For` is trusted, comma-separated. */
  trustedProxies?: string | undefined;
}

/** Points taken for one login. */
interface TakenPoints {
  /** Points of its account, here and at this address; 0 for a secret that was refused before. */
  ofAccount: number;
  /** Points of its address; 0 if the account logged in from there before. */
  ofAddress: number;
}

export const ACCOUNT_WINDOW_S = 600;
export const ADDRESS_WINDOW_S = 60;

/** Points of a new wrong secret. */
const GUESS = 20;
/**
 * Points of a repeated one, only at its address. It tells an attacker nothing; a role that knocks before its account is
 * opened, or before its new password is set, sends one for minutes and must not be locked out by it.
 */
const REPEAT = 1;
/** Failures of one account from all addresses after which its attempts are queued and slowed. */
const GUESSED_AT = 50;
const REMEMBERED_MAX = 10_000;
/** How long a successful login exempts an account from the limit of its address. */
const KNOWN_THERE_MS = 24 * 60 * 60 * 1_000;

/**
 * Limits login attempts. A cached valid credential does not pass through it. Other attempts are counted by account and
 * address, refused without computing a hash after too many failures, and queued for their hash. Failures at one address
 * never lock an account at another.
 */
export class LoginGuard {
  private readonly digestKey = randomBytes(32).toString('base64url');
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

  /** Address of the caller, see {@link clientAddress}. */
  addressOf(arrival: Arrival): string {
    return clientAddress(arrival, this.proxies);
  }

  /** Keyed digest of a name and a secret, usable as a cache key in this process only. */
  digest(...parts: string[]): string {
    return hash('sha256', this.digestKey + JSON.stringify(parts), 'base64url');
  }

  /**
   * Counts a failure that was found without computing a hash.
   * @throws ContractError 429 TooManyRequestsError after too many failures.
   */
  async countFailure(login: Login): Promise<void> {
    await this.takePoints(login);
    this.guesses.set(this.digest(login.name, login.secret), true);
  }

  /**
   * Runs the costly check of a login that is not cached.
   *
   * @param check returns undefined if the login is wrong.
   * @throws ContractError 429 TooManyRequestsError, or 503 if too many logins wait; `check` is not called then.
   */
  async attemptLogin<T>(login: Login, check: () => Promise<T | undefined>): Promise<T | undefined> {
    const reserved = await this.takePoints(login);
    let result: T | undefined;
    let isFailure = false;
    try {
      result = await this.queue.run(await this.waitingOf(login), check);
      isFailure = result === undefined;
    } finally {
      if (!isFailure) await this.returnPoints(login, reserved);
    }
    if (isFailure) this.guesses.set(this.digest(login.name, login.secret), true);
    else this.knownThere.set(this.pairOf(login), true);
    return result;
  }

  /** Takes points before the outcome is known, so that parallel attempts are limited like sequential ones. */
  private async takePoints(login: Login): Promise<TakenPoints> {
    const isRepeated = this.guesses.has(this.digest(login.name, login.secret));
    const pair = this.pairOf(login);
    const ofAccount = isRepeated ? 0 : GUESS;
    const ofAddress = this.knownThere.has(pair) ? 0 : isRepeated ? REPEAT : GUESS;
    // An address without points left adds no further keys, which would displace the oldest counts.
    const spentMs = ofAddress === 0 ? 0 : await this.addresses.waitMsOf(login.address, ofAddress);
    if (spentMs > 0) throw tooManyRequests(Math.max(spentMs, await this.pairs.waitMsOf(pair, ofAccount)));
    const pairWaitMs = ofAccount === 0 ? 0 : await this.pairs.takePoints(pair, ofAccount);
    if (pairWaitMs > 0) throw tooManyRequests(pairWaitMs);
    const waitMs = ofAddress === 0 ? 0 : await this.addresses.takePoints(login.address, ofAddress);
    if (waitMs > 0) {
      if (ofAccount > 0) await this.pairs.returnPoints(pair, ofAccount);
      throw tooManyRequests(waitMs);
    }
    if (ofAccount > 0) await this.accounts.addPoints(this.digest(login.name), ofAccount);
    return { ofAccount, ofAddress };
  }

  /** Returns the points of this login only; other failures at the address stay counted. */
  private async returnPoints(login: Login, { ofAccount, ofAddress }: TakenPoints): Promise<void> {
    if (ofAddress > 0) await this.addresses.returnPoints(login.address, ofAddress);
    if (ofAccount === 0) return;
    await this.pairs.returnPoints(this.pairOf(login), ofAccount);
    await this.accounts.returnPoints(this.digest(login.name), ofAccount);
  }

  private async waitingOf(login: Login) {
    const account = this.digest(login.name);
    const isKnown = this.knownThere.has(this.pairOf(login));
    const isSlow = !isKnown && (await this.accounts.addPoints(account, 0)) > GUESSED_AT * GUESS;
    return { account, address: login.address, isSlow, isKnown };
  }

  private pairOf({ name, address }: Login): string {
    return this.digest(name, address);
  }
}
