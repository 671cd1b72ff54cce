import { Module } from '@nestjs/common';
import { RoleSettings, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Subject } from 'rxjs';
import { WebSocket } from 'ws';
import { EVENT_LOG, type EventLog, type LedgerEvent } from '../events/event-log.js';
import type { WebsocketLimits } from '../json-rpc/json-rpc-ws.adapter.js';
import { ledgerWebsocketProviders } from './ledger.gateway.js';
import { SUBSCRIBER_AUTHENTICATOR, type Subscriber } from './subscriber-authenticator.js';
import { jsonRpcWebsockets } from '../json-rpc/websockets.js';

/** An event log in memory, for tests. */
export class MemoryEventLog implements EventLog {
  readonly events: LedgerEvent[] = [];
  readonly wakeups = new Subject<void>();
  /** Called before each read; a test may make it wait or fail. */
  beforeRead: () => Promise<void> | void = () => undefined;

  append(accounts: string[], event: LedgerEvent['event'] = 'transfer.create', transferId = randomUUID()): LedgerEvent {
    const appended: LedgerEvent = {
      sequence: BigInt(this.events.length + 1),
      id: randomUUID(),
      event,
      accounts,
      resource: { id: `${LEDGER_URL}/transfers/${transferId}` },
    };
    this.events.push(appended);
    this.wakeups.next();
    return appended;
  }

  async read(after: bigint, limit: number): Promise<LedgerEvent[]> {
    await this.beforeRead();
    return this.events.slice(Number(after), Number(after) + limit);
  }

  async replay(after: bigint, limit: number, accounts: ReadonlySet<string> | 'all'): Promise<LedgerEvent[]> {
    const events = (await this.read(after, Infinity)).filter(
      (event) => accounts === 'all' || event.accounts.some((account) => accounts.has(account)),
    );
    return events.slice(0, limit);
  }

  async last(): Promise<bigint> {
    return BigInt(this.events.length);
  }
}

export const LEDGER_URL = 'http://ledger.test/ledger';

const SUBSCRIBERS: Record<string, Subscriber> = {
  'Bearer admin-token': { name: 'admin', isAdmin: true, canSubscribeAll: false },
  'Bearer alice-token': { name: 'alice', isAdmin: false, canSubscribeAll: false },
  'Bearer watcher-token': { name: 'watcher', isAdmin: false, canSubscribeAll: true },
};

export interface TestLedger {
  log: MemoryEventLog;
  role: RunningRole;
  /** `ws://127.0.0.1:<port>/ledger` */
  url: string;
  /** Subscribers by the Authorization header that it accepts. */
  subscribers: Record<string, Subscriber>;
}

/** A role that serves only a ledger's websocket, on a free port (or the given one). */
export async function startTestLedger(
  options: { log?: MemoryEventLog; port?: number; limits?: Partial<WebsocketLimits> } = {},
): Promise<TestLedger> {
  const log = options.log ?? new MemoryEventLog();
  const subscribers = { ...SUBSCRIBERS };
  @Module({
    providers: [
      { provide: EVENT_LOG, useValue: log },
      { provide: SUBSCRIBER_AUTHENTICATOR, useValue: { authenticate: async (given: string) => subscribers[given] } },
      ...ledgerWebsocketProviders({ basePaths: ['/ledger', ''], ledgerUrl: LEDGER_URL, ...options }),
    ],
  })
  class TestLedgerModule {}
  const role = await startRole(
    {
      role: 'dfsp-ledger',
      description: 'Test',
      settings: RoleSettings,
      basePaths: ['/ledger', ''],
      module: () => ({ module: TestLedgerModule }),
      webSocketAdapter: jsonRpcWebsockets,
    },
    settingsOf(RoleSettings, { port: options.port ?? 0, publicUrl: 'http://ledger.test', logLevel: 'silent' }),
  );
  const { port } = role.app.getHttpServer().address() as AddressInfo;
  return { log, role, subscribers, url: `ws://127.0.0.1:${port}/ledger` };
}

type Frame = Record<string, any>;

/** A websocket client that keeps every frame it received. */
export class TestClient {
  readonly frames: Frame[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data)) as Frame));
  }

  /** @throws the answer `{ status, body }` when the upgrade is refused. */
  static async connect(url: string, token?: string, others: Record<string, string> = {}): Promise<TestClient> {
    const headers = { ...others, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    const socket = new WebSocket(url, { headers });
    const client = new TestClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.once('unexpected-response', (_request, response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => reject({ status: response.statusCode, body: JSON.parse(text) as unknown }));
      });
    });
    return client;
  }

  /** Sends one request and answers its reply. */
  async call(method: string, params?: unknown): Promise<Frame> {
    const id = randomUUID();
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return this.frame((frame) => frame['id'] === id);
  }

  /** Sends text as it is and answers the next frame after those that came already. */
  async sendRaw(text: string): Promise<Frame> {
    const before = this.frames.length;
    this.socket.send(text);
    return this.frame((_, index) => index >= before);
  }

  async frame(test: (frame: Frame, index: number) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(test);
      if (found) return found;
      await once(this.socket, 'message');
    }
  }

  /** Sequences of the notifications so far. */
  get sequences(): number[] {
    return this.frames
      .filter((frame) => frame['method'] === 'notify')
      .map((frame) => frame['params'].sequence as number);
  }

  /** Waits until the notification with this sequence came, and answers all sequences so far. */
  async until(sequence: bigint | number): Promise<number[]> {
    await this.frame((frame) => frame['method'] === 'notify' && frame['params'].sequence === Number(sequence));
    return this.sequences;
  }

  close(): void {
    this.socket.terminate();
  }
}
