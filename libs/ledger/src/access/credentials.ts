import { createHmac } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import type { Subscriber, SubscriberAuthenticator } from '@level-one/notifications';
import {
  basicCredentials,
  BELIEVED_MS,
  ExpiringMap,
  type LoginGuard,
  PasswordVerifier,
  type StoredCredential,
} from '@level-one/platform';
import { isAccountName } from '@level-one/transfer';
import { type Account, Right } from '../schema/account.entity.js';
import { isCustomer } from '../rules/account-kinds.js';
import type { Ledger } from '../engine/ledger.js';
import type { Principal } from '../rules/principal.js';

/** A week, as Five Bells ledgers grant it. */
export const TOKEN_AGE_MAX_MS = 604_800_000;
const TOKENS_REMEMBERED_MAX = 10_000;
const VERSION_CHARS = 22;

interface Claims {
  sub?: string;
  /** Which of the account's passwords the token was given for, and after which disabling. */
  ver?: string;
  /** Unix time in s. */
  exp?: number;
}

/**
 * Says who calls, by HTTP Basic or by a token (contract 3.2). A token is good as long as the password it was given for,
 * and until the account is disabled.
 * What was found good is taken again without a look at the account for {@link BELIEVED_MS}.
 */
export class Credentials implements SubscriberAuthenticator {
  private readonly passwords: PasswordVerifier<Principal>;
  private readonly tokens = new ExpiringMap<Principal>(BELIEVED_MS, TOKENS_REMEMBERED_MAX);
  private readonly jwt: JwtService;
  /** Counts what was forgotten, because a token that is just being looked at may be about it. */
  private changes = 0;

  constructor(
    private readonly ledger: Ledger,
    private readonly guard: LoginGuard,
    private readonly options: {
      /** Tokens are signed with it. */
      secret: string;
      /** Base URL of the ledger; a token is good at no other. */
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
   * @returns undefined when the caller did not show the password: a token does not renew itself.
   */
  async tokenFor({ name, credential }: Principal): Promise<string | undefined> {
    return credential?.isPassword ? this.jwt.signAsync({ sub: name, ver: credential.version }) : undefined;
  }

  /**
   * @param address where the caller is, of `LoginGuard.addressOf`.
   * @returns undefined when the credentials are not good, or the account is disabled.
   * @throws ContractError 429 TooManyRequestsError after too many failures, 503 while too many logins wait.
   */
  async principalOf(authorization: string, address: string): Promise<Principal | undefined> {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token !== undefined) return this.principalByToken(token, address);
    const given = basicCredentials(authorization);
    return given && this.passwords.verify({ name: given.name, secret: given.password, address });
  }

  async authenticate(authorization: string, address: string): Promise<Subscriber | undefined> {
    const principal = await this.principalOf(authorization, address);
    if (!principal) return undefined;
    return subscriberOf(principal);
  }

  /** One statement for all of them. */
  async changed(subscribers: readonly Subscriber[]): Promise<Subscriber[]> {
    const accounts = await this.ledger.accountsNamed([...new Set(subscribers.map(({ name }) => name))]);
    const now = new Map(accounts.map((account) => [account.name, this.principalWith(account, false)]));
    return subscribers.filter((subscriber) => !isSame(subscriber, now.get(subscriber.name)));
  }

  /** Called when an account changed. */
  forget(name: string): void {
    this.changes += 1;
    this.passwords.forget(name);
    this.tokens.deleteWhere((principal) => principal.name === name);
  }

  private async storedFor(name: string): Promise<StoredCredential<Principal> | undefined> {
    const account = isAccountName(name) ? await this.ledger.findAccount(name) : undefined;
    if (!account) return undefined;
    return { secretHash: account.passwordHash, owner: this.principalWith(account, true) };
  }

  private async principalByToken(token: string, address: string): Promise<Principal | undefined> {
    const digest = this.guard.digest(token);
    const known = this.tokens.find(digest);
    if (known?.isFresh) return known.value;
    const claims = await this.claimsOf(token);
    if (!claims) {
      await this.guard.countFailure({ name: '', secret: token, address });
      return undefined;
    }
    const { changes } = this;
    const account = claims.sub === undefined ? undefined : await this.ledger.findAccount(claims.sub);
    // What the ledger signed itself is no guess, also when it is good no longer.
    const principal = account && this.principalWith(account, false, claims.exp);
    if (!principal || principal.credential?.version !== claims.ver) return undefined;
    if (changes === this.changes) this.tokens.set(digest, principal);
    return principal;
  }

  /** @returns undefined unless it was signed here; of what has run out it says nothing. */
  private async claimsOf(token: string): Promise<Claims | undefined> {
    try {
      return await this.jwt.verifyAsync<Claims>(token);
    } catch (error) {
      return (error as Error).name === 'TokenExpiredError' ? {} : undefined;
    }
  }

  /** @returns undefined when nobody may log in. */
  private principalWith(account: Account, isPassword: boolean, expiresAtS?: number): Principal | undefined {
    const { name, rights, isDisabled, passwordHash, timesDisabled } = account;
    if (isDisabled || passwordHash === null) return undefined;
    const until = expiresAtS === undefined ? {} : { until: expiresAtS * 1_000 };
    const credential = { version: this.versionOf(name, passwordHash, timesDisabled), isPassword, ...until };
    return {
      name,
      isAdmin: rights.includes(Right.Admin),
      isCustomer: isCustomer(account) && rights.length === 0,
      hasDirectUse: account.directUse,
      rights,
      credential,
    };
  }

  /** Another one for each password and after each time the account was disabled; it tells nothing of the password. */
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

/** Whether somebody would be let in again, with the same rights. */
function isSame(subscriber: Subscriber, principal: Principal | undefined): boolean {
  if (!principal || (subscriber.until !== undefined && subscriber.until <= Date.now())) return false;
  const { isAdmin, canSubscribeAll, credential } = subscriberOf(principal);
  return (
    subscriber.isAdmin === isAdmin &&
    subscriber.canSubscribeAll === canSubscribeAll &&
    subscriber.credential === credential
  );
}
