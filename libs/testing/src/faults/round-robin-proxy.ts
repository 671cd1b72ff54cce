import { Agent, createServer, get, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';

const HOST = '127.0.0.1';
const CHECK_MS = 500;
const CHECK_TIMEOUT_MS = 2_000;
const BAD_GATEWAY = 502;

export interface RoundRobinOptions {
  /** Where callers reach the role. */
  port: number;
  /** Where its instances listen. */
  targets: readonly number[];
  /** Path before that of the role: `/bank1`. Other paths are answered 404. */
  prefix?: string;
  /** Whether the instances see the path without it. Default: true */
  strips?: boolean;
}

/**
 * A plain reverse proxy in front of the instances of a role, as operators have them: it asks `/health`, gives each request
 * and each websocket to the next instance that is ready, and another one if that refuses the connection. It repeats
 * nothing else.
 */
export class RoundRobinProxy {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly ready = new Set<number>();
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private readonly timer: NodeJS.Timeout;
  private turn = 0;
  /** Requests that an instance neither answered nor refused to connect for. */
  broken = 0;

  private constructor(private readonly options: RoundRobinOptions) {
    this.server = createServer((incoming, outgoing) => void this.serve(incoming, outgoing));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.server.on('upgrade', (incoming, socket: Socket, head) => this.tunnel(incoming, socket, head));
    this.server.keepAliveTimeout = 60_000;
    this.timer = setInterval(() => void this.check(), CHECK_MS);
  }

  static async start(options: RoundRobinOptions): Promise<RoundRobinProxy> {
    const proxy = new RoundRobinProxy(options);
    await new Promise<void>((resolve, reject) => {
      proxy.server.once('error', reject);
      proxy.server.listen(options.port, HOST, resolve);
    });
    await proxy.check();
    return proxy;
  }

  /** Instances that say that they are ready. */
  get readyTargets(): readonly number[] {
    return [...this.ready];
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    const closed = new Promise((resolve) => {
      this.server.close(resolve);
    });
    for (const socket of this.sockets) socket.destroy();
    await closed;
    this.agent.destroy();
  }

  /** An instance that is alone gets every request, ready or not: it is asked only until it is ready. */
  private async check(): Promise<void> {
    const { targets } = this.options;
    if (targets.length === this.ready.size && targets.length === 1) return;
    await Promise.all(
      targets.map(async (port) => {
        if (await isReady(port)) this.ready.add(port);
        else this.ready.delete(port);
      }),
    );
  }

  /** The instances in the order in which they are tried. */
  private inTurn(): number[] {
    const { targets } = this.options;
    this.turn = (this.turn + 1) % targets.length;
    const rotated = [...targets.slice(this.turn), ...targets.slice(0, this.turn)];
    return [...rotated.filter((port) => this.ready.has(port)), ...rotated.filter((port) => !this.ready.has(port))];
  }

  /** Path at the instances; undefined for a path of somebody else's. */
  private pathOf({ url = '/' }: IncomingMessage): string | undefined {
    const { prefix = '', strips = true } = this.options;
    if (!url.startsWith(prefix)) return undefined;
    const rest = url.slice(prefix.length);
    if (prefix !== '' && rest !== '' && !/^[/?]/.test(rest)) return undefined;
    return strips ? rest.replace(/^(?!\/)/, '/') : url;
  }

  private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = this.pathOf(incoming);
    if (path === undefined) {
      outgoing.writeHead(404, { 'content-type': 'text/plain' }).end('no such place');
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    for (const port of this.inTurn()) {
      const answer = await this.send(port, path, incoming, Buffer.concat(chunks));
      if (answer === 'refused') continue;
      if (answer !== 'broken') {
        outgoing.writeHead(answer.status, answer.headers);
        outgoing.end(answer.body);
        return;
      }
      this.broken += 1;
      break;
    }
    outgoing.writeHead(BAD_GATEWAY, { 'content-type': 'text/plain' }).end('no instance answered');
  }

  private send(port: number, path: string, incoming: IncomingMessage, body: Buffer) {
    return new Promise<'refused' | 'broken' | { status: number; headers: string[]; body: Buffer }>((resolve) => {
      const headers = withoutConnection(incoming.rawHeaders);
      const { method } = incoming;
      const outgoing = request({ agent: this.agent, host: HOST, port, path, headers, ...(method && { method }) });
      outgoing.on('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'broken'),
      );
      outgoing.on('response', (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', () => resolve('broken'));
        response.on('end', () => {
          const answered = { status: response.statusCode!, headers: withoutConnection(response.rawHeaders) };
          resolve({ ...answered, body: Buffer.concat(parts) });
        });
      });
      outgoing.end(body);
    });
  }

  private tunnel(incoming: IncomingMessage, socket: Socket, head: Buffer): void {
    const path = this.pathOf(incoming);
    const tryNext = (ports: readonly number[]): void => {
      const [port, ...others] = ports;
      if (path === undefined || port === undefined) {
        socket.end('HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n');
        return;
      }
      const target = connect(port, HOST);
      target.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') tryNext(others);
        else socket.destroy();
      });
      target.once('connect', () => {
        target.write(`${requestHead(incoming, path)}\r\n\r\n`);
        target.write(head);
        target.pipe(socket);
        socket.pipe(target);
        socket.once('close', () => target.destroy());
        target.once('close', () => socket.destroySoon());
      });
    };
    tryNext(this.inTurn());
  }
}

function requestHead({ method, rawHeaders }: IncomingMessage, path: string): string {
  const lines = [`${method} ${path} HTTP/1.1`];
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  return lines.join('\r\n');
}

/** What belongs to one connection; both sides of the proxy keep theirs. */
const OF_A_CONNECTION = new Set(['connection', 'keep-alive']);

function withoutConnection(headers: readonly string[]): string[] {
  return headers.filter((_, index) => !OF_A_CONNECTION.has(headers[index - (index % 2)]!.toLowerCase()));
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get({ host: HOST, port, path: '/health', agent: false, timeout: CHECK_TIMEOUT_MS }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(false));
  });
}
