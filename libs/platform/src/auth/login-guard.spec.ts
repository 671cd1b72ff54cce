import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ContractError } from '@level-one/errors';
import { LoginGuard } from './login-guard.js';
import { PasswordVerifier, type StoredCredential } from './password-verifier.js';
import { hashSecret } from './secret-hash.js';

const HOME = '192.0.2.1';
const ATTACKER = '198.51.100.66';
const LIMITS = { loginFailuresPerAccount: 3, loginFailuresPerAddress: 6 };

let guard: LoginGuard;
/** Names that were looked up in the store. Each look-up costs a hash, except for cached credentials. */
let looks: string[];
let stored: Map<string, StoredCredential<string>>;
let verifier: PasswordVerifier<string>;
let now: number;

beforeEach(async () => {
  now = 0;
  looks = [];
  stored = new Map([
    ['alice', { secretHash: await hashSecret('right'), owner: 'Alice' }],
    ['bob', { secretHash: await hashSecret('right'), owner: 'Bob' }],
    ['issuance', { secretHash: null, owner: 'nobody' }],
    ['mallory', { secretHash: await hashSecret('right'), owner: undefined }],
  ]);
  guard = new LoginGuard(LIMITS);
  const find = async (name: string) => {
    looks.push(name);
    return stored.get(name);
  };
  verifier = new PasswordVerifier(guard, find, () => now);
});

/** Result of a login: the owner, or the status of the error. */
async function login(name: string, secret: string, address = HOME): Promise<string | number> {
  try {
    return (await verifier.verifyLogin({ name, secret, address })) ?? 401;
  } catch (error) {
    return (error as ContractError).status;
  }
}

async function guess(name: string, times: number, address = ATTACKER): Promise<(string | number)[]> {
  const answers = [];
  for (let i = 0; i < times; i++) answers.push(await login(name, `guess ${i} of ${address}`, address));
  return answers;
}

describe('A4: guesses', () => {
  it('are answered 429 with a time to wait after too many, and no hash is computed', async () => {
    expect(await guess('alice', 3)).toEqual([401, 401, 401]);
    expect(looks).toHaveLength(3);
    const refused = await verifier.verifyLogin({ name: 'alice', secret: 'more', address: ATTACKER }).catch((e) => e);
    expect(refused).toMatchObject({ status: 429, id: 'TooManyRequestsError' });
    expect(refused.retryAfterS).toBeGreaterThan(500);
    expect(await login('alice', 'right', ATTACKER)).toBe(429);
    expect(looks).toHaveLength(3);
  });

  it('do not lock the account at other addresses, nor other accounts at this address', async () => {
    await guess('alice', 20);
    expect(await login('alice', 'right', HOME)).toBe('Alice');
    expect(await login('bob', 'right', ATTACKER)).toBe('Bob');
  });

  it('at many names are counted by address, but do not lock out accounts that logged in there before', async () => {
    expect(await login('bob', 'right', ATTACKER)).toBe('Bob');
    const answers = [];
    for (let i = 0; i < 20; i++) answers.push(await login(`name ${i}`, 'guess', ATTACKER));
    expect(answers.filter((answer) => answer === 401)).toHaveLength(6);
    expect(await login('alice', 'right', ATTACKER)).toBe(429);
    verifier.dropCached('bob');
    expect(await login('bob', 'right', ATTACKER)).toBe('Bob');
    expect(await login('alice', 'right', HOME)).toBe('Alice');
  });

  it('stay counted when a known account logs in there in between', async () => {
    expect(await login('bob', 'right', ATTACKER)).toBe('Bob');
    const answers = [];
    for (let i = 0; i < 20; i++) {
      answers.push(await login(`name ${i}`, 'guess', ATTACKER));
      verifier.dropCached('bob');
      expect(await login('bob', 'right', ATTACKER)).toBe('Bob');
    }
    expect(answers.filter((answer) => answer === 401)).toHaveLength(6);
  });

  it('that come at once are limited like those that come one after the other', async () => {
    const answers = await Promise.all(Array.from({ length: 64 }, (_, i) => login('alice', `guess ${i}`, ATTACKER)));
    expect(answers.filter((answer) => answer === 401)).toHaveLength(3);
    expect(answers.filter((answer) => answer === 429)).toHaveLength(61);
    expect(looks).toHaveLength(3);
  });

  it('from many addresses do not lock the account', async () => {
    const addresses = Array.from({ length: 30 }, (_, i) => `198.51.100.${i}`);
    const guesses = addresses.map((address) => guess('alice', 1, address));
    expect(await login('alice', 'right', HOME)).toBe('Alice');
    await Promise.all(guesses);
  });

  it('cost one hash each, whether or not the account exists or has a password', async () => {
    for (const name of ['alice', 'nobody', 'issuance', 'mallory', 'a\0b', '']) {
      looks = [];
      expect(await guess(name, 4, `of ${name}`)).toEqual([401, 401, 401, 429]);
      expect(looks).toHaveLength(3);
    }
    expect(await login('mallory', 'right')).toBe(401);
    expect(await login('issuance', 'nobody')).toBe(401);
    expect(await login('nobody', 'nobody')).toBe(401);
  });

  it('with a repeated secret are not counted as another guess', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => login('alice', 'old')));
    expect(new Set(answers)).toEqual(new Set([401]));
    expect(looks).toHaveLength(1);
    expect(await login('alice', 'right')).toBe('Alice');
  });

  it('with one secret do not lock out a role that knocks for minutes before its account is opened', async () => {
    guard = new LoginGuard({ ...LIMITS, loginFailuresPerAddress: 100 });
    verifier = new PasswordVerifier(
      guard,
      async (name) => stored.get(name),
      () => now,
    );
    for (let i = 0; i < 400; i++) expect(await login('connector', 'its secret')).toBe(401);
    stored.set('connector', { secretHash: await hashSecret('its secret'), owner: 'Connector' });
    now = 10_000;
    expect(await login('connector', 'its secret')).toBe('Connector');
  });

  it('with one secret, many times, end with the points of the address', async () => {
    const answers = [];
    for (let i = 0; i < 120; i++) answers.push(await login('alice', 'old'));
    expect(answers.filter((answer) => answer === 429).length).toBeGreaterThan(10);
    expect(await login('alice', 'right', ATTACKER)).toBe('Alice');
  });
});

describe('A4: a known credential', () => {
  it('passes without a look-up during attacks, and with one look-up after ten seconds', async () => {
    expect(await login('alice', 'right')).toBe('Alice');
    await guess('alice', 20, HOME);
    looks = [];
    expect(await login('alice', 'right')).toBe('Alice');
    expect(looks).toEqual([]);
    now = 10_000;
    expect(await Promise.all([login('alice', 'right'), login('alice', 'right')])).toEqual(['Alice', 'Alice']);
    expect(looks).toEqual(['alice']);
  });

  it('is refused once the stored one has changed', async () => {
    expect(await login('alice', 'right')).toBe('Alice');
    stored.set('alice', { secretHash: await hashSecret('new'), owner: 'Alice' });
    now = 10_000;
    expect(await login('alice', 'right')).toBe(401);
    expect(await login('alice', 'new')).toBe('Alice');
    stored.set('alice', { ...stored.get('alice')!, owner: undefined });
    verifier.dropCached('alice');
    expect(await login('alice', 'new')).toBe(401);
  });

  it('costs one hash for requests that arrive together', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => login('alice', 'right')));
    expect(new Set(answers)).toEqual(new Set(['Alice']));
    expect(looks).toEqual(['alice']);
  });
});

describe('A4: logins that wait', () => {
  it('are refused with a time to wait if too many come from one address; other addresses are served', async () => {
    guard = new LoginGuard({ loginFailuresPerAccount: 100, loginFailuresPerAddress: 1_000 });
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const attempts = Array.from({ length: 20 }, (_, i) =>
      guard
        .attemptLogin({ name: `name ${i}`, secret: 'x', address: ATTACKER }, () => gate)
        .catch((error: unknown) => error),
    );
    const honest = guard.attemptLogin({ name: 'alice', secret: 'right', address: HOME }, async () => 'Alice');
    setImmediate(go);
    expect(await honest).toBe('Alice');
    const outcomes = await Promise.all(attempts);
    expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(16);
    const busy = { status: 503, id: 'ServiceUnavailableError', retryAfterS: 1 };
    expect(outcomes.filter((outcome) => outcome !== undefined)).toMatchObject([busy, busy, busy, busy]);
  });

  it('for an account under attack do not fill the queue of others', async () => {
    guard = new LoginGuard({ loginFailuresPerAccount: 100, loginFailuresPerAddress: 1_000 });
    const tryAlice = (i: number, check: () => Promise<undefined>) =>
      guard
        .attemptLogin({ name: 'alice', secret: `guess ${i}`, address: `198.51.100.${i}` }, check)
        .catch(({ status }: ContractError) => status);
    for (let i = 0; i < 50; i++) await tryAlice(i, async () => undefined);
    let go = (): void => undefined;
    const gate = new Promise<undefined>((resolve) => (go = () => resolve(undefined)));
    const guesses = Array.from({ length: 80 }, (_, i) => tryAlice(100 + i, () => gate));
    const refused = await Promise.all(guesses.slice(8));
    expect(new Set(refused)).toEqual(new Set([503]));
    const honest = guard.attemptLogin({ name: 'bob', secret: 'right', address: HOME }, async () => 'Bob');
    go();
    expect(await honest).toBe('Bob');
  });
});
