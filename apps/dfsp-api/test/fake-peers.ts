import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that reached the fake peers. */
export interface FakeCall {
  /** Method and path without its query, for example `POST /proxy/setup`. */
  route: string;
  query: Record<string, string>;
  body: any;
  traceId: string;
  /** Answer to it. */
  answer?: FakeAnswer;
}

export interface FakeAnswer {
  status?: number;
  json?: unknown;
  /** Sent as plain text instead of JSON. */
  text?: string;
}

type Answerer = (call: FakeCall) => FakeAnswer | Promise<FakeAnswer>;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}

/** Every system around a DFSP API, on one HTTP server. It answers 404 to a route for which the test set no answer. */
export class FakePeers {
  readonly calls: FakeCall[] = [];
  private readonly answerers: [RegExp, Answerer][] = [];
  private server: Server;

  static async start(): Promise<FakePeers> {
    const peers = new FakePeers();
    peers.server = createServer((request, response) => {
      void peers.respond(request, response);
    });
    await new Promise<void>((resolve) => {
      peers.server.listen(0, '127.0.0.1', resolve);
    });
    return peers;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sets the answer of a route; the latest one that matches is used. */
  on(route: RegExp, answer: FakeAnswer | Answerer): void {
    this.answerers.unshift([route, typeof answer === 'function' ? answer : () => answer]);
  }

  callsTo(route: RegExp): FakeCall[] {
    return this.calls.filter((call) => route.test(call.route));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const {
      status = 200,
      json = {},
      text,
    } = await this.answer(request).catch((error: unknown): FakeAnswer => ({
      status: 500,
      json: { id: 'FakePeersError', message: String(error) },
    }));
    response
      .writeHead(status, { 'content-type': text === undefined ? 'application/json' : 'text/plain' })
      .end(text ?? JSON.stringify(json));
  }

  private async answer(request: IncomingMessage): Promise<FakeAnswer> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const call: FakeCall = {
      route: `${request.method} ${url.pathname}`,
      query: Object.fromEntries(url.searchParams),
      body: await bodyOf(request),
      traceId: String(request.headers['l1p-trace-id']),
    };
    this.calls.push(call);
    const found = this.answerers.find(([route]) => route.test(call.route));
    call.answer = found
      ? await found[1](call)
      : { status: 404, json: { id: 'NotFoundError', message: 'the test set no answer for this route' } };
    return call.answer;
  }
}
