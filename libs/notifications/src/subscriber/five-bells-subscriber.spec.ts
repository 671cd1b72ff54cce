import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { LedgerSubscriber } from './ledger-subscriber.js';
import { SHORT_LIMITS, SILENT } from './subscribed-ledger.fixture.js';
import { MemoryCursorStore } from './subscription-cursor.js';

function createFrame(id: string): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id: null,
    method: 'notify',
    params: { event: 'transfer.create', id, resource: { id: `http://x/transfers/${id}` } },
  });
}

describe('subscriber of a Five Bells ledger without sequences', () => {
  let http: Server;
  let server: WebSocketServer;

  beforeEach(async () => {
    http = createServer();
    server = new WebSocketServer({ server: http });
    await new Promise<void>((resolve) => {
      http.listen(0, '127.0.0.1', resolve);
    });
  });

  afterEach(async () => {
    for (const client of server.clients) client.terminate();
    server.close();
    await new Promise((resolve) => {
      http.close(resolve);
    });
  });

  it('drops events that arrive twice, by their id', async () => {
    server.on('connection', (socket: WebSocket) => {
      socket.send('{"jsonrpc":"2.0","id":null,"method":"connect"}');
      socket.on('message', (data) => {
        const { id } = JSON.parse(String(data)) as { id: string };
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: 1 }));
        for (const event of ['a', 'b', 'a', 'c']) socket.send(createFrame(event));
      });
    });
    const handled: (string | undefined)[] = [];
    const { port } = http.address() as AddressInfo;
    const subscriber = new LedgerSubscriber({
      name: 'test',
      websocketUrl: `ws://127.0.0.1:${port}`,
      accounts: ['http://x/accounts/alice'],
      authorize: async () => 'Bearer x',
      cursor: new MemoryCursorStore(),
      handle: async ({ id }) => void handled.push(id),
      logger: SILENT,
      limits: SHORT_LIMITS,
    });
    subscriber.start();
    await eventually(() => expect(handled).toEqual(['a', 'b', 'c']));
    await subscriber.close();
  });
});
