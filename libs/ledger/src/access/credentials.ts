import { createHmac, hash } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import type { Subscriber, SubscriberAuthenticator } from '@level-one/notifications';
import {
  basicCredentials,
  CREDENTIAL_CACHE_MS,
  ExpiringMap,
  type LoginGuard,
  PasswordVerifier,
  type StoredCredential,
} from '@level-one/platform';
import { AccountType, isAccountName, Right } from '@level-one/transfer';
import { type Account } from '../schema/account.entity.js';
import { isCustomer } from '../rules/account-kinds.js';
import type { Ledger } from '../engine/ledger.js';
import type { Principal } from '../rules/principal.js';

/** One week, as on Five Bells ledgers. */
export const TOKEN_AGE_MAX_MS = 604_800_000;
const TOKENS_REMEMBERED_MAX = 10_000;
const VERSION_CHARS = 22;

interface Claims {
  sub?: string;
  /** Version of the account's password, see `versionOf`. */
  ver?: string;
  /** Unix time in s. */
  exp?: number;
}

/**
 * Authenticates by HTTP Basic or by a token (contract 3.2). A token is valid until the password changes or the account
 * is disabled. A valid credential is cached for {@link CREDENTIAL_CACHE_MS}; the account is not read again meanwhile.
 */
export class Credentials implements SubscriberAuthenticator {
  private readonly passwords: PasswordVerifier<Principal>;
  private readonly tokens = new ExpiringMap<Principal>(CREDENTIAL_CACHE_MS, TOKENS_REMEMBERED_MAX);
  private readonly jwt: JwtService;
  /** Grows with every invalidation: a token that is verified meanwhile must not be cached. */
  private changes = 0;

  constructor(
    private readonly ledger: Ledger,
    guard: LoginGuard,
    private readonly options: {
      /** Signs the tokens. */
      secret: string;
      /** Base URL of the ledger. Tokens of other ledgers are refused. */
      issuer: string;
    },
  ) {
    this.passwords = new PasswordVerifier(guard, (name) => this.storedFor(name));
    this.jwt = new JwtService({
      secret: options.secret,
      signOptions: { algorithm: 'HS256', issuer: options.issuer, expiresIn: TOKEN_AGE_MAX_MS / 1_000 },
      verifyOptions: { algorithms: ['HS256'], issuer: options.issuer },
    });
  }

  /**
   * The token of `GET /auth_token`.
   * @returns undefined if the caller showed a token instead of the password: a token cannot be renewed with itself.
   */
  async tokenFor({ name, credential }: Principal): Promise<string | undefined> {
    return credential?.isPassword ? this.jwt.signAsync({ sub: name, ver: credential.version }) : undefined;
  }

  /**
   * @param addressOf the caller, see `LoginGuard.addressOf`; not asked for a token.
   * @returns undefined if the credentials are wrong or the account is disabled.
   * @throws ContractError 429 TooManyRequestsError after too many failures, 503 while too many logins wait.
   */
  async principalOf(authorization: string, addressOf: () => string): Promise<Principal | undefined> {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token !== undefined) return this.principalByToken(token);
    const given = basicCredentials(authorization);
    return given && this.passwords.verifyLogin({ name: given.name, secret: given.password, address: addressOf() });
  }

  async authenticate(authorization: string, address: string): Promise<Subscriber | undefined> {
    const principal = await this.principalOf(authorization, () => address);
    if (!principal) return undefined;
    return subscriberOf(principal);
  }

  /** Those whose credentials or rights have changed. One statement for all subscribers. */
  async changed(subscribers: readonly Subscriber[]): Promise<Subscriber[]> {
    const accounts = await this.ledger.reads.findAccounts([...new Set(subscribers.map(({ name }) => name))]);
    const now = new Map(accounts.map((account) => [account.name, this.principalWith(account, false)]));
    return subscribers.filter((subscriber) => !isSame(subscriber, now.get(subscriber.name)));
  }

  /** Drops the cached credentials of an account. Call it after every change of the account. */
  dropCachedLogins(name: string): void {
    this.changes += 1;
    this.passwords.dropCached(name);
    this.tokens.deleteWhere((principal) => principal.name === name);
  }

  private async storedFor(name: string): Promise<StoredCredential<Principal> | undefined> {
    const account = isAccountName(name) ? await this.ledger.reads.findAccount(name) : undefined;
    if (!account) return undefined;
    return { secretHash: account.passwordHash, owner: this.principalWith(account, true) };
  }

  private async principalByToken(token: string): Promise<Principal | undefined> {
    // A token cannot be guessed from its digest, unlike a password: it needs no key.
    const digest = hash('sha256', token, 'base64url');
    const known = this.tokens.find(digest);
    if (known?.isFresh) return known.value;
    // A token cannot be guessed: wrong ones are not counted. They come from callers who do not know yet that the ledger's
    // secret has changed, and who have to be answered 401 to log in again.
    const claims = await this.claimsOf(token);
    if (!claims) return undefined;
    const { changes } = this;
    const account = claims.sub === undefined ? undefined : await this.ledger.reads.findAccount(claims.sub);
    const principal = account && this.principalWith(account, false, claims.exp);
    if (!principal || principal.credential?.version !== claims.ver) return undefined;
    if (changes === this.changes) this.tokens.set(digest, principal);
    return principal;
  }

  /** @returns undefined if this ledger did not sign the token; no claims if it has expired. */
  private async claimsOf(token: string): Promise<Claims | undefined> {
    try {
      return await this.jwt.verifyAsync<Claims>(token);
    } catch (error) {
      return (error as Error).name === 'TokenExpiredError' ? {} : undefined;
    }
  }

  /** @returns undefined if the account is disabled or has no password. */
  private principalWith(account: Account, isPassword: boolean, expiresAtS?: number): Principal | undefined {
    const { name, rights, isDisabled, passwordHash, timesDisabled } = account;
    if (isDisabled || passwordHash === null) return undefined;
    const until = expiresAtS === undefined ? {} : { until: expiresAtS * 1_000 };
    const credential = { version: this.versionOf(name, passwordHash, timesDisabled), isPassword, ...until };
    return {
      name,
      isAdmin: rights.includes(Right.Admin),
      isCustomer: isCustomer(account) && rights.length === 0,
      isConnector: account.accountType === AccountType.Connector,
      isDfsp: account.accountType === AccountType.Dfsp,
      hasDirectUse: account.directUse,
      rights,
      credential,
    };
  }

  /**
   * Changes with the password and each time the account is disabled. A keyed hash, so that a token says nothing about
   * the password.
   */
  private versionOf(name: string, passwordHash: string, timesDisabled: number): string {
    return createHmac('sha256', this.options.secret)
      .update(JSON.stringify(timesDisabled === 0 ? [name, passwordHash] : [name, passwordHash, timesDisabled]))
      .digest('base64url')
      .slice(0, VERSION_CHARS);
  }
}

function subscriberOf({ name, isAdmin, rights, credential }: Principal): Subscriber {
  return {
    name,
    isAdmin,
    canSubscribeAll: rights.includes(Right.Subscribe),
    ...(credential && { credential: credential.version, until: credential.until }),
  };
}

/** Whether the subscriber could log in again with the same rights. */
function isSame(subscriber: Subscriber, principal: Principal | undefined): boolean {
  if (!principal || (subscriber.until !== undefined && subscriber.until <= Date.now())) return false;
  const { isAdmin, canSubscribeAll, credential } = subscriberOf(principal);
  return (
    subscriber.isAdmin === isAdmin &&
    subscriber.canSubscribeAll === canSubscribeAll &&
    subscriber.credential === credential
  );
}
