import { hash, randomBytes } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import type { Subscriber, SubscriberAuthenticator } from '@level-one/notifications';
import { basicCredentials } from '@level-one/platform';
import { isAccountName } from '@level-one/transfer';
import { Right } from './account.entity.js';
import type { Ledger } from './ledger.js';
import { isPassword } from './passwords.js';
import type { Principal } from './principal.js';

/** A week, as Five Bells ledgers grant it. */
export const TOKEN_AGE_MAX_MS = 604_800_000;
/** How long a credential is taken again without a look at the account (ruling 16). */
const REMEMBERED_MS = 60_000;
const REMEMBERED_MAX = 10_000;

interface Remembered {
  principal: Promise<Principal | undefined>;
  /** Account it is good for, once that is known. */
  name?: string;
  until: number;
}

/**
 * Says who calls, by HTTP Basic or by a token (contract 3.2). What was found good is remembered for a minute under a
 * digest that means nothing outside this process, so that no request but the first pays for a password hash.
 */
export class Credentials implements SubscriberAuthenticator {
  private readonly digestKey = randomBytes(32).toString('base64');
  private readonly remembered = new Map<string, Remembered>();
  private readonly jwt: JwtService;

  constructor(
    private readonly ledger: Ledger,
    options: {
      /** Tokens are signed with it. */
      secret: string;
      /** Base URL of the ledger; a token is good at no other. */
      issuer: string;
    },
  ) {
    this.jwt = new JwtService({
      secret: options.secret,
      signOptions: { algorithm: 'HS256', issuer: options.issuer, expiresIn: TOKEN_AGE_MAX_MS / 1_000 },
      verifyOptions: { algorithms: ['HS256'], issuer: options.issuer },
    });
  }

  /** The token of `GET /auth_token`. */
  tokenFor(principal: Principal): Promise<string> {
    return this.jwt.signAsync({ sub: principal.name });
  }

  /** @returns undefined when the credentials are not good, or the account is disabled. */
  async principalOf(authorization: string): Promise<Principal | undefined> {
    const digest = hash('sha256', this.digestKey + authorization, 'base64');
    const known = this.remembered.get(digest);
    if (known && known.until > performance.now()) return known.principal;
    if (this.remembered.size >= REMEMBERED_MAX) this.remembered.clear();
    // The promise is kept, so that requests that arrive together share one hash.
    const checking: Remembered = { principal: this.check(authorization), until: performance.now() + REMEMBERED_MS };
    this.remembered.set(digest, checking);
    const principal = await checking.principal.catch((error: unknown) => {
      this.remembered.delete(digest);
      throw error;
    });
    if (principal) checking.name = principal.name;
    else this.remembered.delete(digest);
    return principal;
  }

  async authenticate(authorization: string): Promise<Subscriber | undefined> {
    const principal = await this.principalOf(authorization);
    if (!principal) return undefined;
    const { name, isAdmin, rights } = principal;
    return { name, isAdmin, canSubscribeAll: rights.includes(Right.Subscribe) };
  }

  /** Called when an account changed; what is just being found out may be about it, too. */
  forget(name: string): void {
    for (const [digest, remembered] of this.remembered) {
      if (remembered.name === undefined || remembered.name === name) this.remembered.delete(digest);
    }
  }

  private async check(authorization: string): Promise<Principal | undefined> {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    const name = token === undefined ? await this.nameByPassword(authorization) : await this.nameByToken(token);
    const account = name === undefined ? undefined : await this.ledger.findAccount(name);
    if (!account || account.isDisabled) return undefined;
    return { name: account.name, isAdmin: account.rights.includes(Right.Admin), rights: account.rights };
  }

  private async nameByPassword(authorization: string): Promise<string | undefined> {
    const given = basicCredentials(authorization);
    const account = given && isAccountName(given.name) ? await this.ledger.findAccount(given.name) : undefined;
    if (!given || !account?.passwordHash) return undefined;
    return (await isPassword(given.password, account.passwordHash)) ? account.name : undefined;
  }

  private async nameByToken(token: string): Promise<string | undefined> {
    try {
      return (await this.jwt.verifyAsync<{ sub?: string }>(token)).sub;
    } catch {
      return undefined;
    }
  }
}
