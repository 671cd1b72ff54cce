import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { credentialsAuthenticator } from '../auth/authentication.js';
import { CallableBy } from '../roles/callers.js';
import { RoleSettings } from '../settings/role-settings.js';
import { settingsOf } from '../settings/settings.js';
import { createRole } from '../start-role.js';

@Controller('v1/things')
class ThingsController {
  @Post()
  @CallableBy('channel')
  add(): { added: boolean } {
    return { added: true };
  }
}

@Module({
  controllers: [ThingsController],
  providers: [credentialsAuthenticator({ channel: 'shop:a-secret-of-the-shop' })],
})
class ThingsModule {}

const SHOP = 'https://shop.example';
const GOOD = { authorization: `Basic ${Buffer.from('shop:a-secret-of-the-shop').toString('base64')}` };
const ASKS = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };

let app: NestFastifyApplication;

async function start(corsOrigins?: string): Promise<void> {
  app = await createRole(
    {
      role: 'dfsp-api',
      description: 'Test',
      settings: RoleSettings,
      basePaths: ['v1'],
      module: () => ({ module: ThingsModule }),
    },
    settingsOf(RoleSettings, { port: 0, logLevel: 'silent', ...(corsOrigins !== undefined && { corsOrigins }) }),
  );
  await app.init();
}

const send = (method: 'OPTIONS' | 'POST', headers: Record<string, string>, url = '/v1/things') =>
  app.inject({ method, url, headers });

afterEach(() => app.close());

describe('field R: scripts of web pages', () => {
  it('of an origin that is named may ask first, without credentials, and then call', async () => {
    await start(`${SHOP},http://127.0.0.1:8080`);
    const asked = await send('OPTIONS', { origin: SHOP, ...ASKS });
    expect([asked.statusCode, asked.body]).toEqual([204, '']);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': SHOP,
      'access-control-allow-methods': 'GET, PUT, POST, DELETE',
      'access-control-allow-headers': expect.stringContaining('Authorization, Content-Type'),
      'access-control-max-age': '600',
      vary: 'Origin',
    });
    expect(asked.headers['access-control-allow-credentials']).toBeUndefined();
    const called = await send('POST', { origin: SHOP, ...GOOD });
    expect(called.statusCode).toBe(201);
    expect(called.headers).toMatchObject({
      'access-control-allow-origin': SHOP,
      'access-control-expose-headers': expect.stringMatching(/^L1p-Trace-Id, Retry-After, Link, Content-Disposition$/i),
      vary: 'Origin',
    });
  });

  it.each([
    ['https://shop.example:443', SHOP],
    ['HTTPS://Shop.Example', SHOP],
    ['http://localhost:80', 'http://localhost'],
    ['http://[0:0::1]:5173', 'http://[::1]:5173'],
  ])('of an origin that is named as %s may call, which browsers write %s', async (named, origin) => {
    await start(named);
    const called = await send('POST', { origin, ...GOOD });
    expect([called.statusCode, called.headers['access-control-allow-origin']]).toEqual([201, origin]);
  });

  it('can read refusals too', async () => {
    await start(SHOP);
    const refused = await send('POST', { origin: SHOP });
    expect([refused.statusCode, refused.json().id]).toEqual([401, 'Unauthorized']);
    expect(refused.headers['access-control-allow-origin']).toBe(SHOP);
    const missing = await send('POST', { origin: SHOP, ...GOOD }, '/v1/nothing');
    expect([missing.statusCode, missing.headers['access-control-allow-origin']]).toEqual([404, SHOP]);
  });

  it.each([
    ['of another origin', 'https://other.example'],
    ['of a name that only begins alike', `${SHOP}.evil.example`],
    ['of another port', `${SHOP}:8443`],
    ['of no origin', 'null'],
  ])('%s get no permission', async (_, origin) => {
    await start(SHOP);
    const asked = await send('OPTIONS', { origin, ...ASKS });
    expect([asked.statusCode, asked.headers['access-control-allow-origin']]).toEqual([401, undefined]);
    const called = await send('POST', { origin, ...GOOD });
    expect([called.statusCode, called.headers['access-control-allow-origin']]).toEqual([201, undefined]);
  });

  it('of every origin may call where the setting says so', async () => {
    await start('*');
    const asked = await send('OPTIONS', { origin: 'https://other.example', ...ASKS });
    expect([asked.statusCode, asked.headers['access-control-allow-origin']]).toEqual([204, 'https://other.example']);
  });

  it('may not call by default', async () => {
    await start();
    const asked = await send('OPTIONS', { origin: SHOP, ...ASKS });
    expect([asked.statusCode, asked.headers['access-control-allow-origin']]).toEqual([401, undefined]);
    const called = await send('POST', { origin: SHOP, ...GOOD });
    expect(called.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each([
    'shop.example',
    'https://shop.example/',
    'https://shop.example/path',
    'https://shop.example:99999',
    'https://a.example, https://b.example',
    'https://a.example,',
    'https://*.example',
    'https://me:secret@shop.example',
    '*,https://shop.example',
    'ftp://a',
    'null',
  ])('are not let in by %s, which is refused at start in one line', async (origins) => {
    await start();
    expect(() => settingsOf(RoleSettings, { port: 0, corsOrigins: origins })).toThrow(/^CORS_ORIGINS .*$/);
  });
});
