import { ExpiringMap } from '../limits/expiring-map.js';
import type { Login, LoginGuard } from './login-guard.js';
import { hashSecret, matchesHash } from './secret-hash.js';

/** How long a credential is accepted or refused without reading the stored one, in ms. */
export const CREDENTIAL_CACHE_MS = 10_000;
const REMEMBERED_MAX = 10_000;

/** A stored credential. */
export interface StoredCredential<Owner> {
  /** Hash by `hashSecret`; null: no secret is accepted. */
  secretHash: string | null;
  /** Undefined: refused even with the right secret. */
  owner: Owner | undefined;
}

interface CachedLogin<Owner> {
  name: string;
  secretHash: string;
  owner: Owner;
}

/** Compared with where no secret is stored; one for the process, because a hash takes long. */
let hashOfNobody: Promise<string> | undefined;

/**
 * Checks names and secrets against stored hashes. A right secret is cached by its digest: it costs no further hash, and
 * one look-up per {@link CREDENTIAL_CACHE_MS}. Every failure takes the time of one hash, whether or not the name exists.
 */
export class PasswordVerifier<Owner> {
  private readonly known: ExpiringMap<CachedLogin<Owner>>;
  private readonly wrong: ExpiringMap<string>;
  private readonly underway = new Map<string, Promise<Owner | undefined>>();
  private readonly hashOfNobody = (hashOfNobody ??= hashSecret('nobody'));
  /** Grows with every invalidation: the result of a check that began before must not be cached. */
  private changes = 0;

  constructor(
    private readonly guard: LoginGuard,
    /** Reads the stored credential; undefined if there is none. It is called with any name that a caller sends. */
    private readonly find: (name: string) => Promise<StoredCredential<Owner> | undefined>,
    now?: () => number,
  ) {
    this.known = new ExpiringMap(CREDENTIAL_CACHE_MS, REMEMBERED_MAX, now);
    this.wrong = new ExpiringMap(CREDENTIAL_CACHE_MS, REMEMBERED_MAX, now);
  }

  /**
   * @returns undefined if the credentials are wrong.
   * @throws ContractError 429 TooManyRequestsError after too many failures, 503 while too many logins wait.
   */
  async verifyLogin(login: Login): Promise<Owner | undefined> {
    const digest = this.guard.digest(login.name, login.secret);
    const known = this.known.find(digest);
    if (known?.isFresh) return known.value.owner;
    // Requests that arrive together share one check.
    const key = known ? digest : `${digest} ${login.address}`;
    const shared = this.underway.get(key);
    if (shared) return this.retryAtAddress(login, shared);
    const checking = this.checkLogin(login, digest, known?.value).finally(() => this.underway.delete(key));
    this.underway.set(key, checking);
    return checking;
  }

  /** Drops the cached credentials of a name. Call it after the stored one has changed. */
  dropCached(name: string): void {
    this.changes += 1;
    this.known.deleteWhere((known) => known.name === name);
    this.wrong.deleteWhere((wrongName) => wrongName === name);
  }

  private async retryAtAddress(login: Login, shared: Promise<Owner | undefined>): Promise<Owner | undefined> {
    const owner = await shared;
    if (owner === undefined) await this.guard.countFailure(login);
    return owner;
  }

  private async checkLogin(
    login: Login,
    digest: string,
    known: CachedLogin<Owner> | undefined,
  ): Promise<Owner | undefined> {
    if (known) {
      const owner = await this.ownerStill(known, digest);
      if (owner !== undefined) return owner;
    }
    if (this.wrong.has(digest)) {
      await this.guard.countFailure(login);
      return undefined;
    }
    return this.guard.attemptLogin(login, () => this.compareSecret(login, digest));
  }

  private async ownerStill(known: CachedLogin<Owner>, digest: string): Promise<Owner | undefined> {
    const { changes } = this;
    const stored = await this.find(known.name);
    if (stored?.secretHash === known.secretHash && stored.owner !== undefined) {
      if (changes === this.changes) this.known.set(digest, { ...known, owner: stored.owner });
      return stored.owner;
    }
    this.known.delete(digest);
    return undefined;
  }

  private async compareSecret({ name, secret }: Login, digest: string): Promise<Owner | undefined> {
    const { changes } = this;
    const stored = await this.find(name);
    const secretHash = stored?.secretHash ?? undefined;
    // An unknown name, or one without a password, takes as long as a wrong secret.
    const matches = await matchesHash(secret, secretHash ?? (await this.hashOfNobody));
    const owner = secretHash !== undefined && matches ? stored?.owner : undefined;
    if (changes !== this.changes) return owner;
    if (secretHash === undefined || owner === undefined) this.wrong.set(digest, name);
    else this.known.set(digest, { name, secretHash, owner });
    return owner;
  }
}
