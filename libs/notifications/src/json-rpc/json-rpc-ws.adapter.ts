import {
  createParamDecorator,
  type ExecutionContext,
  type INestApplication,
  type WsMessageHandler,
} from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { ContractError } from '@level-one/errors';
import {
  commonError,
  CommonErrorId,
  endWithError,
  ExpiringMap,
  forwardedFor,
  type GracefulStop,
  isStopping,
  type LoginGuard,
  type PublicPath,
  type Refusals,
  type RoleLogger,
  type WebOrigins,
} from '@level-one/platform';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { concatMap, EMPTY, firstValueFrom, fromEvent, type Observable, takeUntil } from 'rxjs';
import type { MessageEvent, WebSocket, WebSocketServer } from 'ws';
import { CLOSE, closeSocket, keepAlive, sendBounded } from './bounded-socket.js';
import { errorFrame, parseRequest, resultFrame, RpcError, RpcErrorCode, type RpcId, shortened } from './json-rpc.js';
import { OpenConnections } from './open-connections.js';

/** An upgrade request that was accepted. */
export interface UpgradeRequest<P = unknown> extends IncomingMessage {
  /** Values of the `:name` parts of the gateway's path. */
  params: Record<string, string>;
  /** The caller, as the {@link UpgradeGuard} answered it. */
  principal: P;
}

/** An upgrade request before it is accepted. */
export interface Upgrade {
  /** Values of the `:name` parts of the gateway's path. */
  params: Record<string, string>;
  url: URL;
  headers: IncomingMessage['headers'];
  /** IP address of the caller, by which failed logins and websockets are counted. */
  address: string;
  /** `X-Forwarded-For` for the next system. */
  forwardedFor: string;
}

/** Checks who may open a websocket, before the upgrade is answered. */
export interface UpgradeGuard {
  /**
   * Counts failed logins itself.
   *
   * @param authorization header value, or `Bearer <token>` of `?token=`; undefined if neither was sent.
   * @returns the principal given to the gateway as `request.principal`.
   * @throws ContractError answered as it is, over HTTP; anything else is answered 503.
   */
  admit(authorization: string | undefined, request: Upgrade): Promise<unknown>;

  /** Owner of the websocket, for the limit of each owner; undefined if only the address counts. */
  ownerOf?(principal: unknown): string | undefined;

  /** Called with the principal of a caller that disconnected before the upgrade. */
  abandon?(principal: unknown): void;
}

/** Limits on what a client can make a role store; injectable by class. */
export class WebsocketLimits {
  /** Largest frame accepted from a client, in bytes. */
  maxPayloadBytes = 64 * 1024;
  /** Most websockets of one account. */
  maxPerAccount = 32;
  /** Most websockets from one address, including upgrades that are not answered yet. */
  maxPerAddress = 512;
  /** Frames that are read in a second of one account (if unknown: of one address); more wait. */
  maxFramesPerSecond = 500;
  /** Most bytes waiting for a slow client before it is closed with 1013. */
  maxBufferedBytes = 1024 * 1024;
  /** Most requests of one connection waiting for their answer before it is closed with 1013. */
  maxPendingRequests = 100;
  /** Interval of pings in ms; a client that did not answer the last one is disconnected. */
  pingIntervalMs = 20_000;
  /** Time to decide about an upgrade. */
  admitTimeoutMs = 10_000;
}

/** The request a gateway method answers; `@RpcRequestContext()` gives it. */
export interface RpcContext {
  id: RpcId;
  method: string;
  /** Set by {@link JsonRpcExceptionFilter}. */
  thrown?: unknown;
  /** Runs after the reply was sent, so that its frames follow the reply. */
  afterReply?: () => void;
}

/** Parameter of a gateway method: its {@link RpcContext}. */
export const RpcRequestContext = createParamDecorator((_: unknown, host: ExecutionContext) =>
  // Arguments of a gateway method: socket, params, context.
  host.getArgByIndex<RpcContext>(2),
);

const FAULT_LOGGED_MS = 60_000;
const FAULTS_MAX = 100;

/**
 * Plain websockets for Nest gateways: paths with `:name` parts, credentials checked before the upgrade, JSON-RPC 2.0
 * requests answered one after the other, pings, and a limit on everything a client can make a role store.
 * A gateway without `@SubscribeMessage` methods gets the bare socket.
 */
export class JsonRpcWsAdapter extends WsAdapter {
  private readonly patterns = new Map<unknown, RegExp>();
  private readonly undo: (() => void)[] = [];
  private readonly upgrading = new Set<Duplex>();
  private readonly open = new OpenConnections();
  private readonly owners = new WeakMap<WebSocket, string>();
  /** Errors that were logged recently. */
  private readonly logged = new ExpiringMap<true>(FAULT_LOGGED_MS, FAULTS_MAX);

  constructor(
    app: INestApplication,
    private readonly guard: UpgradeGuard,
    private readonly rpcLogger: RoleLogger,
    private readonly limits: WebsocketLimits,
    private readonly logins: LoginGuard,
    private readonly refusals: Refusals,
    private readonly stop: Pick<GracefulStop, 'refusesBeginnings'>,
    private readonly publicPath: PublicPath,
    private readonly origins: Pick<WebOrigins, 'isForeign'>,
  ) {
    super(app);
  }

  override create(port: number, options: Record<string, unknown> = {}): WebSocketServer {
    const server = super.create(port, {
      maxPayload: this.limits.maxPayloadBytes,
      perMessageDeflate: false,
      ...options,
    }) as WebSocketServer;
    server.on('connection', (client) => keepAlive(client, this.limits.pingIntervalMs, () => client.isPaused));
    return server;
  }

  protected override addWsServerToRegistry<T extends Record<'path', string>>(
    server: T,
    port: number,
    path: string,
  ): void {
    super.addWsServerToRegistry(server, port, path);
    this.patterns.set(server, pathToRegExp(server.path));
  }

  protected override ensureHttpServerExists(port: number, httpServer: Server = createServer()): Server | undefined {
    if (this.httpServersRegistry.has(port)) return undefined;
    this.httpServersRegistry.set(port, httpServer);
    const listener = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      void this.upgrade(port, request, socket, head);
    };
    httpServer.on('upgrade', listener);
    this.undo.push(() => httpServer.off('upgrade', listener));
    return httpServer;
  }

  private async upgrade(port: number, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', destroy);
    this.upgrading.add(socket);
    try {
      if (this.stop.refusesBeginnings) throw isStopping();
      this.refuseForeignPages(request);
      request.url = this.publicPath.inside(request.url ?? '/');
      const url = urlOf(request);
      const { server, params } = this.route(port, url.pathname);
      const address = this.logins.addressOf(request);
      const from = `from ${address}`;
      this.hold(socket, from, this.limits.maxPerAddress);
      const principal = await this.admit(request, {
        url,
        params,
        headers: request.headers,
        address,
        forwardedFor: forwardedFor(request),
      });
      if (socket.destroyed) {
        this.guard.abandon?.(principal);
        return;
      }
      const account = this.guard.ownerOf?.(principal);
      const owner = account === undefined ? from : `of ${account}`;
      if (owner !== from) this.hold(socket, owner, this.limits.maxPerAccount);
      Object.assign(request, { params, principal });
      socket.off('error', destroy);
      server.handleUpgrade(request, socket, head, (client) => {
        this.owners.set(client, owner);
        server.emit('connection', client, request);
      });
    } catch (thrown) {
      refuse(socket, await this.refusals.refusalOf(request, this.refusalOf(thrown), false));
    } finally {
      this.upgrading.delete(socket);
    }
  }

  /**
   * A browser sends the credentials that it has kept for a role with any page's websocket, and asks nobody before.
   * @throws ContractError 403 UnauthorizedError
   */
  private refuseForeignPages({ headers }: IncomingMessage): void {
    if (headers.authorization === undefined || !this.origins.isForeign(headers)) return;
    const message = 'Pages of this origin may not use the credentials of a browser; CORS_ORIGINS names those that may';
    throw commonError(CommonErrorId.Forbidden, { message });
  }

  /** @throws ContractError 429 TooManyRequestsError */
  private hold(socket: Duplex, owner: string, max: number): void {
    this.open.take(owner, max);
    socket.once('close', () => this.open.release(owner));
  }

  /** Pauses the socket of a client that sends more frames than are read; none is lost. */
  private slowDown(client: WebSocket): void {
    const waitMs = this.open.frame(this.owners.get(client) ?? '', this.limits.maxFramesPerSecond);
    if (waitMs === 0 || client.isPaused) return;
    client.pause();
    setTimeout(() => client.resume(), waitMs).unref();
  }

  private route(port: number, pathname: string): { server: WebSocketServer; params: Record<string, string> } {
    for (const server of (this.wsServersRegistry.get(port) ?? []) as WebSocketServer[]) {
      const match = this.patterns.get(server)?.exec(pathname);
      if (match) return { server, params: decodeAll(match.groups ?? {}) };
    }
    throw commonError(CommonErrorId.NotFound);
  }

  private async admit(request: IncomingMessage, upgrade: Upgrade): Promise<unknown> {
    const token = upgrade.url.searchParams.get('token');
    const authorization = request.headers.authorization ?? (token ? `Bearer ${token}` : undefined);
    const decision = this.guard.admit(authorization, upgrade);
    return new Promise((resolve, reject) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        reject(commonError(CommonErrorId.ServiceUnavailable));
      }, this.limits.admitTimeoutMs);
      decision
        .then((principal) => (late ? this.guard.abandon?.(principal) : resolve(principal)), reject)
        .finally(() => clearTimeout(timer));
    });
  }

  private refusalOf(thrown: unknown): ContractError {
    if (thrown instanceof ContractError) return thrown;
    this.rpcLogger.error({ err: thrown }, 'A websocket upgrade failed');
    return commonError(CommonErrorId.ServiceUnavailable);
  }

  override bindErrorHandler(server: WebSocketServer): WebSocketServer {
    // The socket of a client that breaks the protocol is closed: a debug line is enough.
    server.on('connection', (client) =>
      client.on('error', (err) => this.rpcLogger.debug({ err }, 'A websocket client broke the protocol')),
    );
    server.on('error', (err) => this.rpcLogger.error({ err }, 'The websocket server failed'));
    return server;
  }

  override bindMessageHandlers(
    client: WebSocket,
    handlers: WsMessageHandler[],
    transform: (data: unknown) => Observable<unknown>,
  ): void {
    client.on('message', () => this.slowDown(client));
    if (handlers.length === 0) return;
    const byMethod = new Map<string, WsMessageHandler>(handlers.map((handler) => [handler.message, handler]));
    let pending = 0;
    const texts$ = fromEvent(client, 'message', (event: MessageEvent) => String(event.data));
    texts$
      .pipe(
        takeUntil(fromEvent(client, 'close')),
        concatMap(async (text) => {
          await this.serve(client, text, byMethod, transform);
          pending -= 1;
        }),
      )
      .subscribe();
    client.on('message', () => {
      pending += 1;
      if (pending > this.limits.maxPendingRequests) {
        closeSocket(client, CLOSE.tryAgainLater, 'Too many requests are waiting for their answer');
      }
    });
  }

  private async serve(
    client: WebSocket,
    text: string,
    byMethod: Map<string, WsMessageHandler>,
    transform: (data: unknown) => Observable<unknown>,
  ): Promise<void> {
    const send = (frame: object): void => sendBounded(client, JSON.stringify(frame), this.limits.maxBufferedBytes);
    let id: RpcId | null = null;
    try {
      const request = parseRequest(text);
      id = request.id;
      const handler = byMethod.get(request.method);
      if (!handler) throw new RpcError(RpcErrorCode.UnknownMethod, `Unknown method: ${shortened(request.method)}`);
      const context: RpcContext = { id, method: request.method };
      const result = await firstValueFrom(transform(handler.callback(request.params, context)) ?? EMPTY, {
        defaultValue: undefined,
      });
      if (context.thrown !== undefined) throw context.thrown;
      send(resultFrame(id, result ?? null));
      context.afterReply?.();
    } catch (thrown) {
      send(this.failureFrame(id, thrown));
    }
  }

  private failureFrame(id: RpcId | null, thrown: unknown): object {
    if (thrown instanceof RpcError) return errorFrame(id ?? thrown.requestId, thrown);
    const fault = String(thrown);
    if (!this.logged.has(fault)) this.rpcLogger.error({ err: thrown }, 'A websocket request failed');
    this.logged.set(fault, true);
    return errorFrame(id, new RpcError(RpcErrorCode.Internal, 'Internal error'));
  }

  override async close(server: WebSocketServer): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    await Promise.all([...server.clients].map(sayGoodbye));
    await closed;
  }

  override async dispose(): Promise<void> {
    for (const undo of this.undo.splice(0)) undo();
    for (const socket of this.upgrading) socket.destroy();
    await super.dispose();
  }
}

/** Time for a slow client to read what was sent before its socket is closed. */
const QUEUE_SENT_MS = 5_000;
const QUEUE_LOOK_MS = 20;

/** Closes a socket when everything that was sent to it has left this process. */
async function sayGoodbye(client: WebSocket): Promise<void> {
  const until = performance.now() + QUEUE_SENT_MS;
  while (client.bufferedAmount > 0 && performance.now() < until) await sleep(QUEUE_LOOK_MS);
  closeSocket(client, CLOSE.goingAway, 'The server is shutting down');
}

function destroy(this: Duplex): void {
  this.destroy();
}

/** `/accounts/:name/transfers` → an expression with the named group `name`. */
function pathToRegExp(path: string): RegExp {
  const escaped = path.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replace(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`);
}

function urlOf(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? '/', 'ws://localhost');
  } catch (cause) {
    throw commonError(CommonErrorId.NotFound, { cause });
  }
}

function decodeAll(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch (cause) {
    throw commonError(CommonErrorId.NotFound, { cause });
  }
}

/** Answers a refused upgrade over HTTP, with the contract's error body. */
function refuse(socket: Duplex, error: ContractError): void {
  if (!socket.destroyed) endWithError(socket, error);
}
