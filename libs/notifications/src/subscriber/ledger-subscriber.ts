import { enterTrace, parseJsonInput, type RoleLogger } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BehaviorSubject, filter, firstValueFrom, type Observable } from 'rxjs';
import { type RawData, WebSocket } from 'ws';
import { CLOSE, closeSocket, keepAlive } from '../json-rpc/bounded-socket.js';
import { type EventProgress, EventWork, type EventWorkLimits, type NotificationHandler } from './event-work.js';
import { startReceiving } from './event-span.js';
import { isRecord, RpcErrorCode } from '../json-rpc/json-rpc.js';
import { type Notification, parseNotification } from '../events/notification.js';
import type { CursorStore } from './subscription-cursor.js';

export interface LedgerSubscriberLimits extends EventWorkLimits {
  /** Pause before the first reconnect; doubled each time up to `maxReconnectDelayMs`; up to half of it is random. */
  firstReconnectDelayMs: number;
  maxReconnectDelayMs: number;
  /** Time limit of each: upgrade, connect frame, answer to subscribe. */
  handshakeTimeoutMs: number;
  /** Interval of pings in ms; if the last one was not answered, the subscriber reconnects. */
  pingIntervalMs: number;
  /** While more events than this are not done, no further ones are read. */
  maxBacklogEvents: number;
  /** Time limit of the handlers when the subscriber closes. */
  closeTimeoutMs: number;
}

export const SUBSCRIBER_LIMITS: LedgerSubscriberLimits = {
  maxTransfersInParallel: 64,
  maxRetriesInParallel: 16,
  slowAfterMs: 1_000,
  maxAttempts: 8,
  firstRetryDelayMs: 100,
  maxRetryDelayMs: 5_000,
  cursorIntervalMs: 5_000,
  firstReconnectDelayMs: 100,
  maxReconnectDelayMs: 1_000,
  handshakeTimeoutMs: 5_000,
  pingIntervalMs: 20_000,
  maxBacklogEvents: 2_000,
  closeTimeoutMs: 3_000,
};

export interface LedgerSubscriberOptions {
  /** Name of the subscription, for logs. */
  name: string;
  /** Who sends the events, as traces name it: `dfsp1/ledger-adapter`. */
  peer?: string;
  /** `ws://…/websocket` of the ledger. */
  websocketUrl: string;
  /** Account URIs, or every account of the ledger. */
  accounts: readonly string[] | 'all';
  /** Value of the Authorization header; `renew` is true after the ledger refused the last one. */
  authorize(renew: boolean): Promise<string>;
  cursor: CursorStore;
  /** Runs in the trace of the transfer. After a restart an event may be handled again. */
  handle: NotificationHandler;
  /** Called with each event on receipt, before it is handled; in the trace of the transfer. */
  received?(notification: Notification): void;
  logger: RoleLogger;
  limits?: Partial<LedgerSubscriberLimits>;
}

export type SubscriberStatus = 'connecting' | 'live' | 'waiting' | 'closed';

const RECENT_EVENT_IDS = 10_000;
const MAX_FRAME_BYTES = 1024 * 1024;
const STATUS_UNAUTHORIZED = 401;

/** Why a connection broke off, in words of our own: those of the ledger are not logged. */
class BrokenOff extends Error {
  constructor(
    message: string,
    /** `status` of an upgrade, `code` of a close or of a JSON-RPC error. */
    readonly fields: { status?: number | undefined; code?: number } = {},
  ) {
    super(message);
  }
}

/** The ledger's log does not have the position from which the subscription resumes. */
class CursorRefused extends BrokenOff {}

/** Follows the events of a ledger: subscribes, resumes after a disconnect, and calls the handler once for each event. */
export class LedgerSubscriber {
  private readonly status = new BehaviorSubject<SubscriberStatus>('connecting');
  private readonly limits: LedgerSubscriberLimits;
  private readonly work: EventWork;
  private readonly closing = new AbortController();
  private readonly recentIds = new Set<string>();
  private running: Promise<void> | undefined;
  private socket: WebSocket | undefined;
  private reachedUpTo: bigint | undefined;
  private paused = false;
  private renewToken = false;
  private failures = 0;

  constructor(private readonly options: LedgerSubscriberOptions) {
    this.limits = { ...SUBSCRIBER_LIMITS, ...options.limits };
    const { name, cursor, logger } = options;
    this.work = new EventWork(name, options.handle, cursor, this.limits, logger, () => this.relieve());
  }

  get status$(): Observable<SubscriberStatus> {
    return this.status;
  }

  get name(): string {
    return this.options.name;
  }

  get isLive(): boolean {
    return this.status.value === 'live';
  }

  get progress(): EventProgress {
    return this.work.progress;
  }

  /** @throws Error while events do not arrive; for health checks. */
  assertLive(): void {
    if (this.status.value !== 'live') throw new Error(`Subscription ${this.options.name} is ${this.status.value}`);
  }

  /** Starts to connect, and returns at once. */
  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the subscription is live for the first time. @throws Error if it closes before. */
  async ready(): Promise<void> {
    const decided$ = this.status.pipe(filter((status) => status === 'live' || status === 'closed'));
    if ((await firstValueFrom(decided$)) === 'closed') {
      throw new Error(`Subscription ${this.options.name} was closed`);
    }
  }

  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    if (this.socket) closeSocket(this.socket, CLOSE.normal, 'The subscriber is shutting down');
    await this.running;
    await this.work.stop(this.limits.closeTimeoutMs);
    this.status.next('closed');
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      this.status.next('connecting');
      try {
        await this.session();
      } catch (err) {
        if (signal.aborted) return;
        const why = err instanceof BrokenOff ? { outcome: err.message, ...err.fields } : { err };
        this.logger().warn({ ...why, subscription: this.options.name }, 'A ledger subscription broke');
        if (err instanceof CursorRefused) await this.forgetCursor();
      }
      if (signal.aborted) return;
      this.status.next('waiting');
      do {
        await sleep(this.reconnectDelayMs(), undefined, { signal }).catch(() => undefined);
        // Each connection brings more events: there is none while there are too many.
      } while (this.work.backlog > this.limits.maxBacklogEvents && !signal.aborted);
    }
  }

  private reconnectDelayMs(): number {
    const { firstReconnectDelayMs, maxReconnectDelayMs } = this.limits;
    const delayMs = Math.min(firstReconnectDelayMs * 2 ** this.failures, maxReconnectDelayMs);
    this.failures += 1;
    return delayMs * (1 - Math.random() / 2);
  }

  /** One connection, from upgrade to close. */
  private async session(): Promise<void> {
    const resumeFrom = await this.resumeFrom();
    const authorization = await this.options.authorize(this.renewToken);
    this.renewToken = false;
    if (this.closing.signal.aborted) return;
    const socket = new WebSocket(this.options.websocketUrl, {
      headers: { authorization },
      handshakeTimeout: this.limits.handshakeTimeoutMs,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    this.socket = socket;
    const closed = closeOf(socket);
    keepAlive(socket, this.limits.pingIntervalMs, () => this.paused);
    try {
      socket.once('unexpected-response', (request, response) => {
        this.renewToken = response.statusCode === STATUS_UNAUTHORIZED;
        request.destroy(new BrokenOff('upgrade refused', { status: response.statusCode }));
      });
      const frames = new Frames(socket, this.limits.handshakeTimeoutMs, (frame) => this.onFrame(frame));
      await frames.next((frame) => frame['method'] === 'connect');
      await this.subscribe(socket, frames, resumeFrom);
      this.failures = 0;
      this.status.next('live');
      throw new BrokenOff('closed by the ledger', { code: await closed });
    } finally {
      socket.terminate();
      this.socket = undefined;
      this.paused = false;
    }
  }

  private async subscribe(socket: WebSocket, frames: Frames, resumeFrom: bigint | undefined): Promise<void> {
    const { accounts } = this.options;
    const id = randomUUID();
    const params = {
      eventType: '*',
      ...(accounts === 'all' ? {} : { accounts }),
      ...(resumeFrom === undefined ? {} : { resumeFrom: Number(resumeFrom) }),
    };
    const method = accounts === 'all' ? 'subscribe_all_accounts' : 'subscribe_account';
    const answered = frames.next((frame) => frame['id'] === id);
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    const { error } = await answered;
    if (!isRecord(error)) return;
    const { code } = error;
    const isCursor = code === RpcErrorCode.InvalidParams && resumeFrom !== undefined;
    throw new (isCursor ? CursorRefused : BrokenOff)('subscription refused', { code: Number(code) });
  }

  private onFrame(frame: Record<string, unknown>): void {
    const notification = parseNotification(frame);
    if (!notification || this.isRepeated(notification)) return;
    const traceId = notification.transferId ?? notification.id ?? randomUUID();
    const span = startReceiving(this.logger().tracing, notification, { traceId, peer: this.options.peer });
    enterTrace({ traceId, span }, () => this.options.received?.(notification));
    this.work.accept(notification, span);
    if (this.work.backlog > this.limits.maxBacklogEvents && !this.paused) {
      this.paused = true;
      this.socket?.pause();
    }
  }

  private isRepeated({ sequence, id }: Notification): boolean {
    if (sequence !== undefined) {
      if (this.reachedUpTo !== undefined && sequence <= this.reachedUpTo) return true;
      this.reachedUpTo = sequence;
      return false;
    }
    if (id === undefined) return false;
    if (this.recentIds.has(id)) return true;
    this.recentIds.add(id);
    const [oldest] = this.recentIds;
    if (this.recentIds.size > RECENT_EVENT_IDS && oldest !== undefined) this.recentIds.delete(oldest);
    return false;
  }

  private relieve(): void {
    if (!this.paused || this.work.backlog > this.limits.maxBacklogEvents) return;
    this.paused = false;
    this.socket?.resume();
  }

  private async resumeFrom(): Promise<bigint | undefined> {
    const { cursor } = this.options;
    this.reachedUpTo ??= (await cursor.load()) ?? (cursor.startsAt === 'beginning' ? 0n : undefined);
    return this.reachedUpTo;
  }

  /** The ledger's log is shorter than the cursor, so it is a new log: it is read from its start. */
  private async forgetCursor(): Promise<void> {
    const { name, cursor } = this.options;
    this.logger().error({ subscription: name }, 'The ledger has a new log; the subscription reads it from the start');
    this.reachedUpTo = 0n;
    await cursor.save(0n).catch(() => undefined);
  }

  private logger(): RoleLogger {
    return this.options.logger;
  }
}

/** Resolves with the reason when a socket has closed. */
async function closeOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.once('close', resolve);
  });
}

type FrameTest = (frame: Record<string, unknown>) => boolean;

/** The frames of one socket: awaited one by one during the handshake, and each given to `onFrame`. */
class Frames {
  private waiting: { test: FrameTest; resolve(frame: Record<string, unknown>): void } | undefined;
  private readonly early: Record<string, unknown>[] = [];
  private failure: Error | undefined;
  private reject: ((error: Error) => void) | undefined;

  constructor(
    socket: WebSocket,
    private readonly timeoutMs: number,
    private readonly onFrame: (frame: Record<string, unknown>) => void,
  ) {
    socket.on('message', (data: RawData) => this.take(String(data)));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', (code: number) => this.fail(new BrokenOff('closed by the ledger', { code })));
  }

  /** @throws Error if the socket fails, or no matching frame arrives in time. */
  async next(test: FrameTest): Promise<Record<string, unknown>> {
    const found = this.early.findIndex(test);
    if (found >= 0) return this.early.splice(found, 1)[0]!;
    if (this.failure) throw this.failure;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(new BrokenOff('no answer in time')), this.timeoutMs);
      this.reject = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      this.waiting = {
        test,
        resolve: (frame) => {
          clearTimeout(timer);
          this.waiting = undefined;
          resolve(frame);
        },
      };
    });
  }

  private take(text: string): void {
    const frame = parse(text);
    if (!frame) return;
    if (this.waiting?.test(frame)) this.waiting.resolve(frame);
    else if (frame['method'] === 'notify') this.onFrame(frame);
    else if (this.early.length < 10) this.early.push(frame);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.reject?.(error);
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    // Numbers may lose digits here; amounts are strings.
    const frame = parseJsonInput(text, undefined, { exactNumbers: false });
    return isRecord(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}
