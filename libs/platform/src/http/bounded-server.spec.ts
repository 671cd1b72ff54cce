import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { answerBadRequest, boundServer } from './bounded-server.js';

/** Repeats the check until it passes; the time limit of the test ends it. */
async function eventually(check: () => void | Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await check();
    } catch {
      await sleep(10);
    }
  }
}

describe('A8: a server', () => {
  let server: FastifyInstance;
  let handled = 0;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    handled = 0;
    server = new FastifyAdapter({ forceCloseConnections: true, clientErrorHandler: answerBadRequest }).getInstance();
    boundServer(server, { connectionsMax: 10, connectionsPerAddress: 3, requestsPerConnection: 4 });
    server.get('/', async () => {
      handled += 1;
      return 'x';
    });
    server.get('/slow', () => new Promise(() => (handled += 1)));
    await server.listen({ host: '127.0.0.1', port: 0 });
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close();
  });

  async function open(): Promise<Socket> {
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  const GET = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;

  it('ends a connection with too many unanswered requests', async () => {
    const socket = await open();
    socket.write(GET('/slow').repeat(500));
    await once(socket, 'close');
    expect(handled).toBe(4);
  });

  it('answers any number of requests on one connection, one after the other', async () => {
    const socket = await open();
    let text = '';
    socket.on('data', (data) => (text += String(data)));
    for (let count = 1; count <= 20; count++) {
      socket.write(GET('/'));
      await eventually(() => expect(text.match(/200 OK/g)).toHaveLength(count));
    }
  });

  it('accepts a limited number of connections from one address, and further ones once those are closed', async () => {
    const first = [await open(), await open(), await open()];
    const fourth = await open();
    await once(fourth, 'close');
    first[0]!.destroy();
    await eventually(async () => {
      const socket = await open();
      socket.write(GET('/'));
      const [data] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [unknown];
      expect(String(data)).toContain('200 OK');
    });
  });

  it('answers a request that is not HTTP with an error body of the contract', async () => {
    const socket = await open();
    socket.write('what?\r\n\r\n');
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(String(data)).toMatch(/^HTTP\/1.1 400 .*"id":"InvalidBodyError"/s);
  });

  describe('field O: a request that does not come in full in time', () => {
    /** What a server with these times answers to a part of a request. */
    async function answerTo(part: string, times: object): Promise<string> {
      const slow: FastifyInstance = new FastifyAdapter({
        clientErrorHandler: answerBadRequest,
        ...times,
      } as ConstructorParameters<typeof FastifyAdapter>[0]).getInstance();
      boundServer(slow, { connectionsMax: 10, connectionsPerAddress: 3, requestsPerConnection: 4 });
      slow.post('/', async () => 'x');
      slow.post('/early', { onRequest: async (_request, reply) => reply.status(401).send('who?') }, async () => 'x');
      await slow.listen({ host: '127.0.0.1', port: 0 });
      try {
        const socket = connect((slow.server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
        sockets.push(socket);
        let text = '';
        socket.on('data', (data) => (text += String(data)));
        socket.write(part);
        await once(socket, 'close');
        return text;
      } finally {
        await slow.close();
      }
    }

    const LATE =
      /^HTTP\/1.1 408 Request Timeout[^{]*\{"id":"RequestTimeoutError","message":"The request did not come in time"\}$/s;
    const SLOW = { requestTimeout: 100, http: { headersTimeout: 100, connectionsCheckingInterval: 20 } };
    const IDLE = { connectionTimeout: 100, keepAliveTimeout: 100 };
    const half = (path: string) =>
      `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n1`;

    it.each([
      ['its head comes too slowly', 'POST / HTTP/1.1\r\nhost: x\r\n', SLOW],
      ['its body comes too slowly', half('/'), SLOW],
      ['its body stalls for the time of an idle connection', half('/'), IDLE],
    ])('is answered 408 with an error body of the contract: %s', async (_what, part, times) => {
      expect(await answerTo(part, times)).toMatch(LATE);
    });

    it('gets no second answer', async () => {
      expect(await answerTo(half('/early'), IDLE)).toMatch(/^HTTP\/1.1 401 [^{]*who\?$/s);
    });
  });
});
