import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveFaultControl } from './fault-control.js';
import { Faults } from './faults.js';

const RULE = JSON.stringify({ hop: 'P.D', action: { do: 'hang' } });

describe('the switches of faults', () => {
  let faults: Faults;
  let server: Server;

  beforeEach(async () => {
    faults = new Faults();
    server = await serveFaultControl({ faults }, 0);
  });

  afterEach(() => {
    server.close();
  });

  /** With headers that `fetch` does not let a program choose. */
  function ask(method: string, headers: Record<string, string>, body = ''): Promise<number | undefined> {
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: '/faults', method, headers }, (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode));
      })
        .once('error', reject)
        .end(body);
    });
  }

  it('are used by programs, and read by whoever looks', async () => {
    expect(await ask('POST', {}, RULE)).toBe(201);
    expect(await ask('GET', { 'sec-fetch-site': 'none' })).toBe(200);
    expect(faults.all).toHaveLength(1);
  });

  it.each([
    [{ origin: 'https://evil.example', 'content-type': 'text/plain' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ host: 'evil.example' }],
  ])('are not used by a page: %j', async (headers) => {
    expect(await ask('POST', headers, RULE)).toBe(403);
    expect(await ask('DELETE', headers)).toBe(403);
    expect(faults.all).toEqual([]);
  });

  it('take no endless body', async () => {
    expect(await ask('POST', {}, JSON.stringify({ contains: 'x'.repeat(300_000) }))).toBe(400);
  });
});
