import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { endUserRegistryRole } from './end-user-registry.role.js';
import { EndUserRegistrySettings } from './end-user-registry.settings.js';

const ADMIN = basicAuthorization('admin', 'admin');

const CAROL = '78956563';
const heldBy = (dfspIdentifier: string, number = CAROL) => ({ number, dfspIdentifier });

describe('the end user registry', () => {
  let database: TestDatabase;
  let registry: RunningRole;

  beforeAll(async () => {
    database = await createTestDatabase();
    registry = await startRole(
      endUserRegistryRole,
      settingsOf(EndUserRegistrySettings, {
        port: 0,
        publicUrl: 'http://localhost',
        logLevel: 'silent',
        demoNetwork: true,
        databaseUrl: database.url,
        databaseSchema: 'registry',
        registryAdmin: 'admin:admin',
        callers: 'central-directory:the-directory',
      }),
    );
  });

  afterAll(async () => {
    await registry.close();
    await database.drop();
  });

  const get = async (url: string) => {
    const answer = await registry.app.inject({ method: 'GET', url, headers: { authorization: ADMIN } });
    return { status: answer.statusCode, json: answer.json(), headers: answer.headers };
  };
  const register = async (body: object | string, authorization = ADMIN) => {
    const answer = await registry.app.inject({
      method: 'POST',
      url: '/register',
      headers: { authorization, 'content-type': 'application/json' },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.statusCode, json: answer.json() };
  };

  it('answers a registered number on both of its routes', async () => {
    const entry = { number: '26547070', dfspIdentifier: '001:002' };
    expect(await register(entry)).toEqual({ status: 201, json: { ...entry, primary: true } });
    expect(await get('/users/26547070')).toMatchObject({ status: 200, json: [entry] });
    expect(await get('/user?number=26547070')).toMatchObject({ status: 200, json: [entry] });
  });

  it('N6: refuses a number twice for one DFSP, and lists the first DFSP of a number first', async () => {
    expect((await register(heldBy('001:002'))).json).toMatchObject({ primary: true });
    expect(await register(heldBy('001:001'))).toEqual({ status: 201, json: { ...heldBy('001:001'), primary: false } });
    expect(await register(heldBy('001:001'))).toMatchObject({
      status: 422,
      json: { id: 'AlreadyExistsError', message: 'The number has already been registered for this DFSP' },
    });
    expect((await register(heldBy('001:002'))).status).toBe(422);
    expect((await get(`/users/${CAROL}`)).json).toEqual([heldBy('001:002'), heldBy('001:001')]);
  });

  it('makes exactly one of many DFSPs that register a number at once its primary one', async () => {
    const answers = await Promise.all(
      ['001:001', '001:002', '001:003', '001:004'].map((dfspIdentifier) =>
        register({ number: '11111111', dfspIdentifier }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(answers.filter(({ json }) => json.primary)).toHaveLength(1);
  });

  it('N1: answers 404 for a number that no DFSP holds', async () => {
    expect(await get('/users/99999999')).toMatchObject({ status: 404, json: { id: 'NotFoundError' } });
    expect(await get('/user?number=99999999')).toMatchObject({ status: 404, json: { id: 'NotFoundError' } });
  });

  it.each(['/users/123456789', '/users/abc', '/users/1%2F2', '/user', '/user?number=abc', '/user?number=1&number=2'])(
    'N3: answers 400 to %s',
    async (url) => {
      expect(await get(url)).toMatchObject({ status: 400, json: { id: 'InvalidUriParameterError' } });
    },
  );

  it.each([
    [{ number: '123456789', dfspIdentifier: '001:001' }],
    [{ number: 12_345_678, dfspIdentifier: '001:001' }],
    [{ number: '1', dfspIdentifier: '1:1' }],
    [{ dfspIdentifier: '001:001' }],
    [{}],
    ['[]'],
    ['{'],
  ])('answers 400 to a registration of %j', async (body) => {
    expect(await register(body)).toMatchObject({ status: 400, json: { id: 'InvalidBodyError' } });
  });

  it('allows only the admin to register, and checks that before the body', async () => {
    for (const authorization of ['', basicAuthorization('admin', 'wrong'), basicAuthorization('other', 'admin')]) {
      expect(await register('{', authorization)).toMatchObject({ status: 401, json: { id: 'Unauthorized' } });
    }
  });

  it('lists all entries page by page', async () => {
    for (let i = 0; i < 5; i++) await register({ number: `4000000${i}`, dfspIdentifier: '001:001' });
    const all = (await get('/users')).json as unknown[];
    const paged: unknown[] = [];
    let next: string | undefined = '/users?limit=2';
    while (next) {
      const page = await get(next);
      expect(page.json.length).toBeLessThanOrEqual(2);
      paged.push(...page.json);
      next = /^<http:\/\/localhost([^>]+)>; rel="next"$/.exec(String(page.headers['link']))?.[1];
    }
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThan(5);
  });

  it.each(['limit=0', 'limit=1001', 'limit=x', 'after=-1', 'after=x'])(
    'answers 400 to a page with %s',
    async (query) => {
      expect(await get(`/users?${query}`)).toMatchObject({ status: 400, json: { id: 'InvalidUriParameterError' } });
    },
  );

  it('A8: limits look-ups without credentials, so that numbers cannot be guessed, but not those of the directory', async () => {
    const ask = async (number: number, authorization?: string) => {
      const headers = authorization === undefined ? {} : { authorization };
      const url = number % 2 === 0 ? `/users/${number}` : `/user?number=${number}`;
      const { statusCode, headers: given } = await registry.app.inject({ method: 'GET', url, headers });
      return { status: statusCode, retryAfter: Number(given['retry-after']) };
    };
    const asked = Array.from({ length: 100 }, (_, index) => 50_000_000 + index);
    const answers = await Promise.all(asked.map((number) => ask(number)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(50);
    expect(refused.every(({ retryAfter }) => retryAfter > 0)).toBe(true);
    const directory = basicAuthorization('central-directory', 'the-directory');
    const known = await Promise.all(asked.map((number) => ask(number, directory)));
    expect(known.every(({ status }) => status === 404)).toBe(true);
    expect(await ask(1, basicAuthorization('central-directory', 'wrong'))).toMatchObject({ status: 401 });
  });

  it('is healthy, and answers 404 in the contract’s form elsewhere', async () => {
    expect(await get('/health')).toMatchObject({ status: 200, json: { status: 'OK' } });
    expect(await get('/nothing')).toMatchObject({ status: 404, json: { id: 'NotFoundError' } });
  });

  describe('a number that moves', () => {
    const NUMBER = '60';
    const move = async (method: 'PUT' | 'DELETE', path: string, body?: object) => {
      const answer = await registry.app.inject({
        method,
        url: `/users/${NUMBER}/${path}`,
        headers: { authorization: ADMIN },
        ...(body && { payload: body }),
      });
      return answer.statusCode;
    };
    const holders = async (): Promise<string[]> =>
      ((await get(`/users/${NUMBER}`)).json as { dfspIdentifier: string }[]).map((entry) => entry.dfspIdentifier);

    beforeAll(async () => {
      for (const dfsp of ['001:001', '001:002', '001:003']) await register(heldBy(dfsp, NUMBER));
    });

    it('has the chosen DFSP first, and never two at once', async () => {
      expect(await holders()).toEqual(['001:001', '001:002', '001:003']);
      expect(await move('PUT', 'primary', { dfspIdentifier: '001:002' })).toBe(200);
      expect(await holders()).toEqual(['001:002', '001:001', '001:003']);
      expect(await move('PUT', 'primary', { dfspIdentifier: '001:009' })).toBe(404);
      const chosen = ['001:001', '001:003'].map((dfspIdentifier) => move('PUT', 'primary', { dfspIdentifier }));
      expect(await Promise.all(chosen)).toEqual([200, 200]);
      expect((await holders()).length).toBe(3);
      expect(await move('PUT', 'primary', { dfspIdentifier: '001:003' })).toBe(200);
    });

    it('goes to the DFSP that registered it next when the first one gives it up', async () => {
      expect(await move('DELETE', '001:003')).toBe(204);
      expect(await move('DELETE', '001:003')).toBe(404);
      expect(await holders()).toEqual(['001:001', '001:002']);
      expect(await move('DELETE', '001:001')).toBe(204);
      expect(await move('DELETE', '001:002')).toBe(204);
      expect((await get(`/users/${NUMBER}`)).status).toBe(404);
    });
  });
});
