import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError, ExpiringMap, LoginGuard, PasswordVerifier } from '@level-one/platform';
import { hash, randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { AuditService } from '../audit/audit.service.js';
import { ConsoleSettings } from '../console.settings.js';
import { type ConsoleUser, DEMO_USERS, findUser } from './users.js';

const TOKEN_BYTES = 32;
/** How often a session in use is written down as seen. */
const SEEN_EVERY_S = 30;
/** Sessions of one user; the oldest ends for a new one. */
const OF_USER_MAX = 50;
/** In the audit log: a name that is no user's. */
const NO_USER = '(no user)';
const REFUSED_NOTED_EVERY_MS = 60_000;
const REFUSED_USERS_MAX = 1_000;

/** $2 minutes without a request, $3 hours in all, by the clock of the database. */
const IS_VALID = 'seen_at > now() - make_interval(mins => $2) AND begun_at > now() - make_interval(hours => $3)';

/** Sign-in of users, and their sessions. The database has only digests of the sessions' tokens. */
@Injectable()
export class SessionsService {
  private readonly verifier: PasswordVerifier<ConsoleUser>;
  private readonly refused = new ExpiringMap<true>(REFUSED_NOTED_EVERY_MS, REFUSED_USERS_MAX);

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: ConsoleSettings,
    private readonly audit: AuditService,
    guard: LoginGuard,
  ) {
    this.verifier = new PasswordVerifier(guard, async (name) => {
      const user = await findUser(dataSource, name);
      return user && { secretHash: user.secretHash, owner: { name: user.name, role: user.role } };
    });
  }

  /**
   * Begins a session. @returns its user and its token, which is kept nowhere
   * @throws ContractError 401 Unauthorized, 429 TooManyRequestsError
   */
  async signIn(name: string, password: string, address: string): Promise<{ user: ConsoleUser; token: string }> {
    const user = await this.findUserWith(name, password, address);
    if (!user) {
      await this.noteRefused(name);
      throw commonError(CommonErrorId.Unauthorized, { message: 'Name or password is wrong' });
    }
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    await this.dataSource.query('INSERT INTO sessions (token_digest, user_name) VALUES ($1, $2)', [
      digestOf(token),
      user.name,
    ]);
    await this.dataSource.query(
      `DELETE FROM sessions WHERE user_name = $1 AND token_digest IN
       (SELECT token_digest FROM sessions WHERE user_name = $1 ORDER BY begun_at DESC OFFSET ${OF_USER_MAX})`,
      [user.name],
    );
    await this.audit.addEntry({ who: user.name, action: 'sign in', outcome: 'done' });
    return { user, token };
  }

  /**
   * Entries stay for ever and strangers cause these, so there is one in a minute for each user, and one for all names that
   * are no user's: people also type passwords there.
   */
  private async noteRefused(name: string): Promise<void> {
    const who = (await findUser(this.dataSource, name)) ? name : NO_USER;
    if (this.refused.has(who)) return;
    this.refused.set(who, true);
    await this.audit.addEntry({ who, action: 'sign in', outcome: 'refused' });
  }

  /** The user of a session, which is in use; undefined if it is over, or its user is gone. */
  async userOf(token: string): Promise<ConsoleUser | undefined> {
    const found = await this.findUserOf(token);
    if (found?.isOld) {
      await this.dataSource.query('UPDATE sessions SET seen_at = now() WHERE token_digest = $1', [digestOf(token)]);
    }
    return found && { name: found.name, role: found.role };
  }

  /** Same, without a use of the session; `isOld`: its last use is to be written down again. */
  async findUserOf(token: string): Promise<(ConsoleUser & { isOld: boolean }) | undefined> {
    const { sessionIdleMinutes, sessionHours, demoNetwork } = this.settings;
    const [row] = await this.dataSource.query<{ name: string; isOld: boolean }[]>(
      `SELECT user_name AS name, seen_at < now() - make_interval(secs => ${SEEN_EVERY_S}) AS "isOld"
       FROM sessions WHERE token_digest = $1 AND ${IS_VALID}`,
      [digestOf(token), sessionIdleMinutes, sessionHours],
    );
    if (!row) return undefined;
    const user = (demoNetwork ? demoUser(row.name) : undefined) ?? (await findUser(this.dataSource, row.name));
    return user && { name: user.name, role: user.role, isOld: row.isOld };
  }

  async signOut(token: string): Promise<void> {
    await this.dataSource.query('DELETE FROM sessions WHERE token_digest = $1', [digestOf(token)]);
  }

  /** Deletes sessions that are over, at most `size`. */
  async deleteOver(size: number): Promise<number> {
    const { sessionIdleMinutes, sessionHours } = this.settings;
    const [, deleted] = await this.dataSource.query<[unknown, number]>(
      `DELETE FROM sessions WHERE token_digest IN
       (SELECT token_digest FROM sessions WHERE NOT (${IS_VALID}) LIMIT $1)`,
      [size, sessionIdleMinutes, sessionHours],
    );
    return deleted;
  }

  /** The user with these credentials. @throws ContractError 429 TooManyRequestsError */
  async findUserWith(name: string, password: string, address: string): Promise<ConsoleUser | undefined> {
    const known = this.settings.demoNetwork && password === name ? demoUser(name) : undefined;
    return known ?? (await this.verifier.verifyLogin({ name, secret: password, address }));
  }
}

function demoUser(name: string): ConsoleUser | undefined {
  return DEMO_USERS.find((user) => user.name === name);
}

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
