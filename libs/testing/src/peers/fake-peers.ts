import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** One request to the fake peers. */
export interface FakePeerCall {
  /** Method and path without its query, for example `PUT /ledger/transfers/1`. */
  route: string;
  query: Record<string, string>;
  /** Parsed JSON, else text; undefined if empty. */
  body: any;
  headers: IncomingMessage['headers'];
  /** Answer that it got; absent before. */
  answer?: FakePeerAnswer;
}

export interface FakePeerAnswer {
  status?: number;
  json?: unknown;
  /** Sent as plain text instead of JSON. */
  text?: string;
  headers?: Record<string, string>;
}

/** A websocket that a role has opened, and what it subscribed to. */
export interface FakeSubscription {
  /** Path of the websocket. */
  path: string;
  authorization: string | undefined;
  method: string;
  params: { accounts?: string[]; resumeFrom?: string };
  /** Whether the websocket is open. */
  isOpen: boolean;
}

export type FakePeerAnswerer = (call: FakePeerCall) => FakePeerAnswer | Promise<FakePeerAnswer>;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  if (text === '') return undefined;
  return /json/.test(request.headers['content-type'] ?? '') ? JSON.parse(text) : text;
}

/**
 * All systems around a role under test, on one real server. Requests without a prepared answer get 404. Its websockets
 * follow the ledgers' protocol (contract 3.7) with a log, so that a subscriber can resume.
 */
export class FakePeers {
  readonly calls: FakePeerCall[] = [];
  private readonly answerers: [RegExp, FakePeerAnswerer][] = [];
  /** Every subscription so far, in their order. */
  readonly subscriptions: FakeSubscription[] = [];
  private readonly frames: { sequence: number; frame: string; below: string }[] = [];
  private readonly live = new Map<WebSocket, string>();
  private readonly sockets = new WebSocketServer({ noServer: true });
  private server: Server;

  private constructor(private readonly sequencesAfter: number) {}

  /**
   * Listens on loopback at `port`; 0 is any free one.
   * @param sequencesAfter what the log of events counts on from: more than any earlier log that a role may remember
   */
  static async start(port = 0, sequencesAfter = 0): Promise<FakePeers> {
    const peers = new FakePeers(sequencesAfter);
    peers.server = createServer((request, response) => {
      void peers.answerRequest(request, response);
    });
    peers.server.on('upgrade', (request, socket, head) => {
      peers.sockets.handleUpgrade(request, socket, head, (client) => peers.acceptClient(client, request));
    });
    await new Promise<void>((resolve, reject) => {
      peers.server.once('error', reject);
      peers.server.listen(port, '127.0.0.1', resolve);
    });
    peers.on(/^GET .*\/auth_token$/, { json: { token: 'fake-token', token_max_age: 604_800_000 } });
    return peers;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Adds an answer; the last matching one is used. */
  on(route: RegExp, answer: FakePeerAnswer | FakePeerAnswerer): void {
    this.answerers.unshift([route, typeof answer === 'function' ? answer : () => answer]);
  }

  callsTo(route: RegExp): FakePeerCall[] {
    return this.calls.filter((call) => route.test(call.route));
  }

  clearCalls(): void {
    this.calls.length = 0;
  }

  /** Appends an event to the ledger's log and sends it to all subscribers, or to those of one ledger: `below` its path. */
  sendEvent(event: string, resource: object, relatedResources?: object, below = ''): void {
    const sequence = this.sequencesAfter + this.frames.length + 1;
    const params = {
      event,
      id: randomUUID(),
      sequence: String(sequence),
      resource,
      ...(relatedResources && { related_resources: relatedResources }),
    };
    const frame = JSON.stringify({ jsonrpc: '2.0', id: null, method: 'notify', params });
    this.frames.push({ sequence, frame, below });
    for (const [client, path] of this.live) if (path.startsWith(below)) client.send(frame);
  }

  /** Breaks the websockets below a path, as a ledger that restarts does. */
  breakWebsockets(below = ''): void {
    for (const [client, path] of this.live) if (path.startsWith(below)) client.terminate();
  }

  async stop(): Promise<void> {
    for (const client of this.sockets.clients) client.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private acceptClient(client: WebSocket, { url: path = '', headers }: IncomingMessage): void {
    client.on('close', () => this.live.delete(client));
    client.on('message', (data) => {
      const { id, method, params } = JSON.parse(String(data)) as Pick<FakeSubscription, 'method' | 'params'> & {
        id: string;
      };
      const subscription = { path, authorization: headers.authorization, method, params, isOpen: true };
      this.subscriptions.push(subscription);
      client.on('close', () => (subscription.isOpen = false));
      client.send(JSON.stringify({ jsonrpc: '2.0', id, result: 1 }));
      this.live.set(client, path);
      if (params.resumeFrom === undefined) return;
      const missed = this.frames.filter(
        ({ sequence, below }) => sequence > Number(params.resumeFrom) && path.startsWith(below),
      );
      for (const { frame } of missed) client.send(frame);
    });
    client.send(JSON.stringify({ jsonrpc: '2.0', id: null, method: 'connect' }));
  }

  private async answerRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.answerOf(request).catch((error: unknown): FakePeerAnswer => ({
      status: 500,
      json: { id: 'FakePeersError', message: String(error) },
    }));
    const { status = 200, json = {}, text, headers } = answer;
    response.writeHead(status, { 'content-type': text === undefined ? 'application/json' : 'text/plain', ...headers });
    response.end(text ?? JSON.stringify(json));
  }

  private async answerOf(request: IncomingMessage): Promise<FakePeerAnswer> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const call: FakePeerCall = {
      route: `${request.method} ${url.pathname}`,
      query: Object.fromEntries(url.searchParams),
      body: await bodyOf(request),
      headers: request.headers,
    };
    this.calls.push(call);
    const found = this.answerers.find(([route]) => route.test(call.route));
    call.answer = found
      ? await found[1](call)
      : { status: 404, json: { id: 'NotFoundError', message: 'the test prepared no answer for this route' } };
    return call.answer;
  }
}
