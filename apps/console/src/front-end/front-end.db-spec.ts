import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { TestConsole } from '../console.fixture.js';

describe('the page of the console', () => {
  let console: TestConsole;
  let webFolder: string;

  beforeAll(async () => {
    webFolder = mkdtempSync(join(tmpdir(), 'level-one-web-'));
    mkdirSync(join(webFolder, 'assets'));
    writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>Level One</title>');
    writeFileSync(join(webFolder, 'assets', 'index-abc123.js'), 'export {};');
    console = await TestConsole.open({ webFolder });
  });

  afterAll(async () => {
    await console?.close();
    rmSync(webFolder, { recursive: true });
  });

  it.each(['/', '/payments/1f0d7c3a-90b2-4e6d-8f57-3ac21be94d60', '/roles?x=1', '/index.html'])(
    'is what %s answers, always asked for anew, and runs no script but its own',
    async (path) => {
      const answer = await console.ask(`GET ${path}`);
      expect([answer.status, answer.text]).toEqual([200, '<!doctype html><title>Level One</title>']);
      expect(answer.headers['content-type']).toContain('text/html');
      expect(answer.headers['cache-control']).toBe('no-cache');
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      const headers = { 'if-none-match': String(answer.headers['etag']) };
      expect((await console.ask(`GET ${path}`, { headers })).status).toBe(304);
    },
  );

  it('leads below the path of PUBLIC_URL, also to the files of the page and with the cookie of a session', async () => {
    const index = join(webFolder, 'index.html');
    const before = readFileSync(index, 'utf8');
    writeFileSync(index, '<meta name="base-path" content="/" /><script src="/assets/index-abc123.js"></script>');
    const publicUrl = 'http://127.0.0.1/network/console';
    const below = await console.another({ webFolder, publicUrl });
    // A proxy takes the path off, or leaves it.
    for (const path of ['/payments/x', '/network/console', '/network/console/operator/roles']) {
      expect((await console.ask(`GET ${path}`, {}, below)).text).toBe(
        '<meta name="base-path" content="/network/console/" />' +
          '<script src="/network/console/assets/index-abc123.js"></script>',
      );
    }
    expect((await console.ask('GET /network/console/assets/index-abc123.js', {}, below)).text).toBe('export {};');
    const body = { name: 'demo', password: 'demo' };
    const session = await console.ask('POST /network/console/api/session', { body }, below);
    expect([session.status, session.headers['set-cookie']]).toEqual([
      200,
      expect.stringContaining('; Path=/network/console/; HttpOnly'),
    ]);
    await below.close();
    writeFileSync(index, before);
  });

  it('has files that stay as they are, and none outside its folder', async () => {
    const script = await console.ask('GET /assets/index-abc123.js');
    expect(script.headers['cache-control']).toContain('immutable');
    expect(script.headers['content-type']).toContain('javascript');
    expect((await console.ask('GET /assets/other.js')).body).toMatchObject({ id: 'NotFoundError' });
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/assets/../../etc/passwd']) {
      expect((await console.ask(`GET ${path}`)).text).not.toContain('root:');
    }
  });

  it('is sent compressed to those who take it so, and as it is to others', async () => {
    const script = 'export const long = 1;'.repeat(100);
    const path = join(webFolder, 'assets', 'long-abc123.js');
    for (const [ending, bytes] of [
      ['', Buffer.from(script)],
      ['.br', brotliCompressSync(script)],
      ['.gz', gzipSync(script)],
    ] as const) {
      writeFileSync(path + ending, bytes);
    }
    const get = async (accepted: string) => {
      const headers = { 'accept-encoding': accepted };
      const answer = await console.ask('GET /assets/long-abc123.js', { headers });
      expect(answer.headers['vary']).toContain('accept-encoding');
      expect(answer.headers['content-type']).toContain('javascript');
      expect(answer.headers['cache-control']).toContain('immutable');
      return { encoding: answer.headers['content-encoding'], length: Number(answer.headers['content-length']) };
    };
    expect(await get('gzip, deflate, br')).toEqual({ encoding: 'br', length: brotliCompressSync(script).length });
    expect(await get('gzip')).toEqual({ encoding: 'gzip', length: gzipSync(script).length });
    expect(await get('identity')).toEqual({ encoding: undefined, length: script.length });
  });

  it('is the one that was built last, without a restart, and older parts are still there', async () => {
    writeFileSync(join(webFolder, 'assets', 'index-def456.js'), 'export {};');
    writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>Newer</title>');
    expect((await console.ask('GET /')).text).toContain('Newer');
    for (const digest of ['abc123', 'def456']) {
      expect((await console.ask(`GET /assets/index-${digest}.js`)).status).toBe(200);
    }
  });

  it('is not what unknown routes of the API answer', async () => {
    expect(await console.ask('GET /api/nothing')).toMatchObject({ status: 404, body: { id: 'NotFoundError' } });
    expect((await console.ask('GET /v1/traces')).status).toBe(404);
    expect((await console.ask('POST /payments')).status).toBe(404);
  });

  it('says how to build it if it is not built', async () => {
    const other = await console.another({ webFolder: join(webFolder, 'nothing') });
    const answer = await console.ask('GET /', {}, other);
    expect([answer.status, answer.text]).toEqual([503, expect.stringContaining('npm run build')]);
    await other.close();
  });
});
