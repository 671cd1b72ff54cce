import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { accountOf } from './caller-account.js';
import type { ActiveFault, Faults, Passage } from './faults.js';
import { relayWebsocket } from './websocket-relay.js';

const HOST = '127.0.0.1';

export interface FaultProxyOptions {
  /** Name of the place, in rules: `dfsp2/spsp-backend`. */
  place: string;
  /** Where callers reach the role. */
  port: number;
  /** Where the role listens. */
  targetPort: number;
  faults: Faults;
}

interface Answer {
  status: number;
  headers: string[];
  body: Buffer;
}

/** The caller's connection is broken off: what it sees of a role that dies. */
class CutOff extends Error {}

/** Stands before one role and does to requests and frames what the rules say. Bytes pass as they are. */
export class FaultProxy {
  private readonly sockets = new Set<Socket>();
  private readonly agent = new Agent({ keepAlive: true });
  private readonly upgrades = new WebSocketServer({ noServer: true, perMessageDeflate: false, autoPong: false });
  private server: Server | undefined;

  constructor(private readonly options: FaultProxyOptions) {}

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    await proxy.listen();
    return proxy;
  }

  async listen(): Promise<void> {
    const server = createServer((incoming, outgoing) => {
      void this.serve(incoming, outgoing).catch(() => incoming.socket.destroy());
    });
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('upgrade', (incoming, socket: Socket, head) => {
      const { place, targetPort, faults } = this.options;
      relayWebsocket({ place, targetPort, faults, upgrades: this.upgrades }, incoming, socket, head);
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.options.port, HOST, resolve);
    });
    this.server = server;
  }

  /** Refuses connections and breaks those that are open, as if the role's machine were gone; `listen` ends it. */
  async goAway(): Promise<void> {
    const server = this.server;
    if (!server) return;
    this.server = undefined;
    const closed = new Promise((resolve) => {
      server.close(resolve);
    });
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  async close(): Promise<void> {
    await this.goAway();
    this.agent.destroy();
  }

  private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const passage = this.passageOf(incoming, body);
    const fault = this.options.faults.meet(passage);
    try {
      const answer = await this.answerTo(incoming, body, passage, fault);
      outgoing.writeHead(answer.status, answer.headers);
      outgoing.end(answer.body);
    } catch (error) {
      if (!(error instanceof CutOff)) throw error;
      incoming.socket.destroy();
    }
  }

  private passageOf(incoming: IncomingMessage, body: Buffer): Passage {
    const { method, url = '', headers } = incoming;
    const hop = headers['l1p-hop'];
    const account = accountOf(incoming);
    return {
      kind: 'request',
      place: this.options.place,
      path: url,
      text: `${url} ${String(headers['l1p-trace-id'] ?? '')} ${String(body)}`,
      ...(method !== undefined && { method }),
      ...(typeof hop === 'string' && { hop }),
      ...(account !== undefined && { account }),
    };
  }

  private async answerTo(
    incoming: IncomingMessage,
    body: Buffer,
    passage: Passage,
    fault: ActiveFault | undefined,
  ): Promise<Answer> {
    const forward = (): Promise<Answer> => this.forward(incoming, body);
    const action = fault?.rule.action ?? { do: 'pass' };
    switch (action.do) {
      case 'pass':
        return forward();
      case 'refuse':
        return jsonAnswer(action.status, { id: action.id, message: 'Refused by a fault that was asked for' });
      case 'answer':
        return jsonAnswer(action.status, action.body);
      case 'delay':
        await sleep(action.ms);
        return forward();
      case 'hang':
        await fault!.hold(passage);
        throw new CutOff();
      case 'duplicate': {
        const [first] = await Promise.all([forward(), this.forward(incoming, body).catch(() => undefined)]);
        return first;
      }
      case 'late':
        void sleep(action.ms)
          .then(() => this.send(incoming, body))
          .catch(() => undefined);
        throw new CutOff();
      case 'cut':
        if (action.when === 'after') await this.send(incoming, body);
        throw new CutOff();
      default: {
        const answer = action.when === 'after' ? await this.send(incoming, body) : undefined;
        if ((await fault!.hold(passage)) === 'cut') throw new CutOff();
        return answer ?? forward();
      }
    }
  }

  /** Forwards it, and breaks off when the caller leaves. */
  private forward(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    return this.send(incoming, body, incoming.socket);
  }

  private send(incoming: IncomingMessage, body: Buffer, caller?: Socket): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      const outgoing = request({
        agent: this.agent,
        host: HOST,
        port: this.options.targetPort,
        method: incoming.method,
        path: incoming.url,
        headers: headersOf(incoming) as unknown as Record<string, string>,
      });
      const leave = (): void => void outgoing.destroy();
      caller?.once('close', leave);
      const end = (): void => void caller?.off('close', leave);
      const broken = (): void => {
        end();
        reject(new CutOff());
      };
      outgoing.on('error', broken);
      outgoing.on('response', (response) => {
        resolve(answerOf(response).finally(end));
      });
      outgoing.end(body);
    });
  }
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const body = await bodyOf(response).catch(() => Promise.reject(new CutOff()));
  return { status: response.statusCode!, headers: withoutConnection(response.rawHeaders), body };
}

/** What belongs to one connection; both sides of the proxy keep theirs. */
const OF_A_CONNECTION = new Set(['connection', 'keep-alive']);

/** A request without a body stays one: Node.js would send its end as a chunk, which is a body without a type. */
function headersOf({ method = '', headers, rawHeaders }: IncomingMessage): string[] {
  const isEmpty = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
  const lengths = isEmpty && ['POST', 'PUT', 'PATCH'].includes(method) ? ['content-length', '0'] : [];
  return [...withoutConnection(rawHeaders), ...lengths];
}

function withoutConnection(headers: readonly string[]): string[] {
  return headers.filter((_, index) => !OF_A_CONNECTION.has(headers[index - (index % 2)]!.toLowerCase()));
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function jsonAnswer(status: number, content: unknown): Answer {
  const body = Buffer.from(JSON.stringify(content));
  return {
    status,
    headers: ['content-type', 'application/json; charset=utf-8', 'content-length', String(body.length)],
    body,
  };
}
