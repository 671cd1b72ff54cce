import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A request that passes. */
export interface Passing {
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface PassingAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What breaks a rule: by changing requests, by answering in the place of whom they are for, or by changing answers. */
export interface Breach {
  request?: (request: Passing) => Passing | Promise<Passing>;
  /** Undefined lets the request pass. */
  instead?: (request: Passing) => PassingAnswer | undefined;
  answer?: (answer: PassingAnswer, request: Passing) => PassingAnswer | Promise<PassingAnswer>;
}

const OF_A_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host', 'expect']);

/** Passes HTTP and websockets on, and breaks what passes as it is told. */
export class BreakingProxy {
  private breach: Breach = {};
  private readonly sockets = new Set<Socket>();
  private server: Server;

  private constructor(private readonly targetPort: number) {}

  static async start(targetPort: number): Promise<BreakingProxy> {
    const proxy = new BreakingProxy(targetPort);
    proxy.server = createServer((incoming, outgoing) => {
      proxy.pass(incoming, outgoing).catch(() => incoming.socket.destroy());
    });
    proxy.server.on('connection', (socket) =>
      proxy.sockets.add(socket.once('close', () => proxy.sockets.delete(socket))),
    );
    proxy.server.on('upgrade', (incoming, socket: Socket, head) => proxy.tunnel(incoming, socket, head));
    await new Promise<void>((resolve) => {
      proxy.server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Breaks what passes while `work` is under way. */
  async breaking<T>(breach: Breach, work: () => Promise<T>): Promise<T> {
    this.breach = breach;
    try {
      return await work();
    } finally {
      this.breach = {};
    }
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { breach } = this;
    const passing = await passingOf(incoming);
    const request = (await breach.request?.(passing)) ?? passing;
    const given = breach.instead?.(request);
    const answer = given ?? (await this.send(request, incoming.socket));
    const { status, headers, body } = (await breach.answer?.(answer, request)) ?? answer;
    outgoing.writeHead(status, headers).end(body);
  }

  private async send({ method, path, headers, body }: Passing, caller: Socket): Promise<PassingAnswer> {
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    caller.once('close', leave);
    try {
      const answer = await fetch(`http://127.0.0.1:${this.targetPort}${path}`, {
        method,
        headers,
        redirect: 'manual',
        signal: gone.signal,
        ...(body !== '' && { body }),
      });
      return { status: answer.status, headers: kept(Object.fromEntries(answer.headers)), body: await answer.text() };
    } finally {
      caller.off('close', leave);
    }
  }

  private tunnel({ method, url, rawHeaders }: IncomingMessage, socket: Socket, head: Buffer): void {
    const target = connect(this.targetPort, '127.0.0.1', () => {
      const lines = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1]}`] : []));
      target.write(`${method} ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    for (const [one, other] of [
      [socket, target],
      [target, socket],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }
}

async function passingOf(incoming: IncomingMessage): Promise<Passing> {
  let body = '';
  for await (const chunk of incoming) body += String(chunk);
  const { method = 'GET', url: path = '/', headers } = incoming;
  return { method, path, headers: kept(headers as Record<string, string>), body };
}

function kept(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !OF_A_CONNECTION.has(name) && name !== 'content-encoding'),
  );
}
