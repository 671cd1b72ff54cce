import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization, hashSecret } from '@level-one/platform';
import { openTestDataSource } from '@level-one/testing';
import type { DataSource } from 'typeorm';
import { TestConsole } from '../console.fixture.js';
import { putUser, type UserRole } from './users.js';

const PASSWORD = 'a password of six words, at least';

describe('the console of a network that is no demo', () => {
  let console: TestConsole;
  let database: DataSource;

  beforeAll(async () => {
    console = await TestConsole.open({ demoNetwork: false, sessionIdleMinutes: 30, sessionHours: 12 });
    database = await openTestDataSource(console.database, { schema: 'console' });
    const secretHash = await hashSecret(PASSWORD);
    for (const [name, role] of [
      ['vera', 'viewer'],
      ['olaf', 'operator'],
      ['anna', 'admin'],
    ] as [string, UserRole][]) {
      await putUser(database, { name, role, secretHash });
    }
  });

  afterAll(async () => {
    await database?.destroy();
    await console?.close();
  });

  const auditOf = (who: string): Promise<{ action: string; outcome: string }[]> =>
    database.query('SELECT action, outcome FROM audit_entries WHERE who = $1 ORDER BY id', [who]);

  it('shows nobody anything but its page and who is signed in', async () => {
    expect((await console.ask('GET /api/session')).body).toMatchObject({ mode: 'operator', user: null, demoUsers: [] });
    for (const path of ['network', 'live', 'audit', 'phones/dfsp1/v1/payments']) {
      expect([path, (await console.ask(`GET /api/${path}`)).status]).toEqual([path, 401]);
    }
    expect((await console.ask('POST /v1/traces', { body: { resourceSpans: [] } })).status).toBe(401);
  });

  it('begins a session with a cookie that scripts cannot read and other sites cannot send', async () => {
    const answer = await console.ask('POST /api/session', { body: { name: 'vera', password: PASSWORD } });
    expect(answer.body).toMatchObject({ mode: 'operator', user: { name: 'vera', role: 'viewer' } });
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/^level_one_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const session = cookie.split(';')[0]!;
    expect((await console.ask('GET /api/network', { cookie: session })).status).toBe(200);
    expect((await console.ask('DELETE /api/session', { cookie: session })).status).toBe(204);
    expect((await console.ask('GET /api/network', { cookie: session })).status).toBe(401);
    expect(await auditOf('vera')).toEqual([{ action: 'sign in', outcome: 'done' }]);
  });

  it('marks the cookie as secure where the page is reached by https', async () => {
    const other = await console.another({ demoNetwork: false, publicUrl: 'https://console.example' });
    const body = { name: 'vera', password: PASSWORD };
    const { headers } = await console.ask('POST /api/session', { body }, other);
    expect(headers['set-cookie']).toMatch(/; Secure$/);
    await other.close();
  });

  it('refuses wrong passwords, counts them, and writes them down', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) {
      const body = { name: 'mallory', password: `guess ${attempt}` };
      statuses.push((await console.ask('POST /api/session', { body })).status);
    }
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    expect((await console.ask('POST /api/session', { body: { name: 'vera', password: 'guess' } })).status).toBe(401);
    expect((await console.ask('POST /api/session', { body: { name: 'vera', password: 'again' } })).status).toBe(401);
    const refused = [{ action: 'sign in', outcome: 'refused' }];
    // Once in a minute, and a name that is no user's is not kept: it may be a password.
    expect(await auditOf('mallory')).toEqual([]);
    expect(await auditOf('(no user)')).toEqual(refused);
    expect((await auditOf('vera')).slice(-1)).toEqual(refused);
    expect((await auditOf('vera')).filter(({ outcome }) => outcome === 'refused')).toEqual(refused);
  });

  it.each([
    ['vera', 200, 403],
    ['olaf', 200, 200],
    ['anna', 200, 200],
  ])('lets %s look, and see the audit log if that is allowed', async (name, network, audit) => {
    const cookie = await console.signIn(name, PASSWORD);
    expect((await console.ask('GET /api/network', { cookie })).status).toBe(network);
    expect((await console.ask('GET /api/audit', { cookie })).status).toBe(audit);
  });

  it('ends a session by the clock of the database: idle, too long in all, or when its user changes', async () => {
    const age = (column: string, minutes: number): Promise<unknown> =>
      database.query(`UPDATE sessions SET ${column} = now() - make_interval(mins => $1) WHERE user_name = 'olaf'`, [
        minutes,
      ]);
    const statusOf = async (cookie: string): Promise<number> =>
      (await console.ask('GET /api/network', { cookie })).status;

    const idle = await console.signIn('olaf', PASSWORD);
    await age('seen_at', 29);
    expect(await statusOf(idle)).toBe(200);
    await age('seen_at', 31);
    expect(await statusOf(idle)).toBe(401);

    const long = await console.signIn('olaf', PASSWORD);
    await age('begun_at', 12 * 60 + 1);
    expect(await statusOf(long)).toBe(401);

    const changed = await console.signIn('olaf', PASSWORD);
    await putUser(database, { name: 'olaf', role: 'viewer', secretHash: await hashSecret(PASSWORD) });
    expect(await statusOf(changed)).toBe(401);
  });

  it('keeps fifty sessions of a user at most, the newest', async () => {
    await database.query(
      `INSERT INTO sessions (token_digest, user_name, begun_at)
       SELECT sha256(number::text::bytea), 'anna', now() - interval '1 min' * number FROM generate_series(1, 60) AS number`,
    );
    const cookie = await console.signIn('anna', PASSWORD);
    expect((await console.ask('GET /api/network', { cookie })).status).toBe(200);
    const [row] = await database.query(`SELECT count(*)::int AS count FROM sessions WHERE user_name = 'anna'`);
    expect(row).toEqual({ count: 50 });
    await database.query(`DELETE FROM sessions WHERE user_name = 'anna'`);
  });

  it('has no faults to switch', async () => {
    const settings = { demoNetwork: false, faultsUrl: console.roles.url };
    await expect(console.another(settings)).rejects.toThrow('FAULTS_URL (is "http');
    await expect(console.another(settings)).rejects.toThrow('is for a demo network only');
  });

  it('takes name and password of a user with each request, from programs', async () => {
    const as = (name: string, password: string) => ({ headers: { authorization: basicAuthorization(name, password) } });
    const statusOf = async (path: string, options: object): Promise<number> =>
      (await console.ask(`GET /api/${path}`, options)).status;
    expect(await statusOf('network', as('vera', PASSWORD))).toBe(200);
    expect(await statusOf('audit', as('vera', PASSWORD))).toBe(403);
    expect(await statusOf('audit', as('anna', PASSWORD))).toBe(200);
    expect(await statusOf('network', as('vera', 'wrong'))).toBe(401);
    expect(await statusOf('network', as('nobody', PASSWORD))).toBe(401);
    expect(await statusOf('network', { headers: { authorization: 'Bearer vera' } })).toBe(401);
    const { headers } = await console.ask('GET /api/network', as('anna', PASSWORD));
    expect(headers['set-cookie']).toBeUndefined();
    // A cookie counts for more, so that nobody's session is mistaken for another user's.
    const cookie = await console.signIn('vera', PASSWORD);
    expect(await statusOf('audit', { cookie, ...as('anna', PASSWORD) })).toBe(403);
  });

  it('counts wrong passwords of programs, too', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) {
      const headers = { authorization: basicAuthorization('trudy', `guess ${attempt}`) };
      statuses.push((await console.ask('GET /api/network', { headers })).status);
    }
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
  });

  it('keeps no token of a session', async () => {
    const cookie = await console.signIn('anna', PASSWORD);
    const [{ text }] = await database.query<[{ text: string }]>(
      'SELECT string_agg(sessions::text, chr(10)) AS text FROM sessions',
    );
    expect(text).not.toContain(cookie.split('=')[1]);
  });

  it('refuses requests of other sites before their bodies are read', async () => {
    const body = { name: 'anna', password: PASSWORD };
    const from = (origin: string) => console.ask('POST /api/session', { body, headers: { origin } });
    expect((await from('https://evil.example')).body).toMatchObject({ id: 'UnauthorizedError' });
    expect((await from('null')).status).toBe(403);
    expect((await from('http://127.0.0.1')).status).toBe(200);
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await console.ask('DELETE /api/session', { headers })).status).toBe(403);
  });
});

describe('the console of a demo network', () => {
  let console: TestConsole;

  beforeAll(async () => {
    console = await TestConsole.open();
  });

  afterAll(() => console?.close());

  it('takes everybody as the admin demo, and has a second user to approve', async () => {
    expect((await console.ask('GET /api/session')).body).toMatchObject({
      mode: 'demo',
      user: { name: 'demo', role: 'admin' },
      demoUsers: ['demo', 'demo2'],
      phones: true,
    });
    const cookie = await console.signIn('demo2', 'demo2');
    expect((await console.ask('GET /api/session', { cookie })).body.user).toEqual({ name: 'demo2', role: 'admin' });
    expect((await console.ask('POST /api/session', { body: { name: 'demo2', password: 'x' } })).status).toBe(401);
  });

  it('is not reached by a name that leads to this machine', async () => {
    expect((await console.ask('GET /api/network', { headers: { host: 'evil.example' } })).status).toBe(403);
    expect((await console.ask('GET /api/network', { headers: { host: 'localhost:3000' } })).status).toBe(200);
  });

  it('does not listen beyond loopback', async () => {
    await expect(console.another({ host: '0.0.0.0' })).rejects.toThrow(/must be on loopback/);
  });
});
