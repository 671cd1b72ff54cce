import { LEDGER_TEXT_ROUTES, LedgerEngineModule, WithLedger } from '@level-one/ledger';
import { jsonRpcWebsockets, LedgerSubscriber, MemoryCursorStore, type Notification } from '@level-one/notifications';
import {
  basicAuthorization,
  DfspRoleSettings,
  HopRecorder,
  type HopRecord,
  RoleLogger,
  type RunningRole,
  settingsOf,
  startRole,
  WithDatabase,
} from '@level-one/platform';
import { CONDITION, createTestDatabase, freePort, type TestDatabase } from '@level-one/testing';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { Client } from 'pg';
import { WebSocket } from 'ws';
import { ledgerAdapterRole } from './ledger-adapter.role.js';
import { LedgerAdapterSettings } from './ledger-adapter.settings.js';

class LedgerSettings extends WithLedger(WithDatabase(DfspRoleSettings)) {}

export const ADMIN = basicAuthorization('admin', 'admin');
export const ALICE = basicAuthorization('alice', 'alice');
export const BOB = basicAuthorization('bob', 'bob');
const quiet = RoleLogger.create({ role: 'test', dfsp: null }, 'silent');

interface Answer {
  status: number;
  type: string;
  text: string;
  json: any;
}

interface Options {
  as?: string | null;
  type?: string;
  headers?: Record<string, string>;
}

export async function upgradeRefusal(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: unknown }> {
  const socket = new WebSocket(url, { headers });
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    NodeJS.ReadableStream & { statusCode: number },
  ];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, body: JSON.parse(text) };
}

/** An adapter in front of a ledger with accounts alice (1000.00), bob and dfsp1-testconnector, over real HTTP. */
export class TestAdapter {
  static async open(): Promise<TestAdapter> {
    const database = await createTestDatabase();
    const [ledgerPort, adapterPort] = await Promise.all([freePort(), freePort()]);
    const test = new TestAdapter(database, ledgerPort, adapterPort);
    await test.startLedger();
    const recorder = new HopRecorder();
    recorder.records$.subscribe((record) => void test.hops.push(record));
    test.adapter = await startRole(
      ledgerAdapterRole,
      settingsOf(LedgerAdapterSettings, {
        port: Number(new URL(test.base).port),
        dfsp: 'dfsp1',
        logLevel: 'silent',
        ledgerUrl: test.ledgerUrl,
      }),
      { hops: recorder },
    );
    await test.call('PUT', '/accounts/alice', { name: 'alice', password: 'alice', balance: '1000.00' });
    await test.call('PUT', '/accounts/bob', { name: 'bob', password: 'bob' });
    await test.call('PUT', '/accounts/dfsp1-testconnector', {
      name: 'dfsp1-testconnector',
      password: 'c',
      accountType: 'con',
    });
    return test;
  }

  readonly base: string;
  readonly ledgerUrl: string;
  readonly hops: HopRecord[] = [];
  private adapter?: RunningRole;
  private ledger?: RunningRole;

  private constructor(
    private readonly database: TestDatabase,
    ledgerPort: number,
    adapterPort: number,
  ) {
    this.ledgerUrl = `http://127.0.0.1:${ledgerPort}/ledger`;
    this.base = `http://127.0.0.1:${adapterPort}/ilp/ledger/v1`;
  }

  async startLedger(): Promise<void> {
    const { port } = new URL(this.ledgerUrl);
    this.ledger = await startRole(
      {
        role: 'dfsp-ledger',
        takesText: LEDGER_TEXT_ROUTES,
        description: 'Test',
        settings: LedgerSettings,
        basePaths: ['ledger'],
        module: (settings) => LedgerEngineModule.forRoot({ settings, basePath: 'ledger' }),
        webSocketAdapter: jsonRpcWebsockets,
      },
      settingsOf(LedgerSettings, {
        port: Number(port),
        logLevel: 'silent',
        demoNetwork: true,
        dfsp: 'dfsp1',
        databaseUrl: this.database.url,
        databaseSchema: 'ledger',
        ilpPrefix: 'levelone.dfsp1.',
        ledgerAdminPassword: 'admin',
        tokenSecret: 'a secret of the tests',
      }),
    );
  }

  /** Adds many accounts, named n-00001 and on. */
  async addAccounts(count: number): Promise<void> {
    const client = new Client({ connectionString: this.database.url });
    await client.connect();
    await client.query(
      `INSERT INTO ledger.accounts (name, posted, held, is_disabled, account_type, direct_use, rights)
       SELECT 'n-' || lpad(n::text, 5, '0'), 0, 0, false, 'mw', true, '{}' FROM generate_series(1, $1::int) n`,
      [count],
    );
    await client.end();
  }

  async stopLedger(): Promise<void> {
    await this.ledger?.close();
  }

  async close(): Promise<void> {
    await this.adapter?.close();
    await this.stopLedger();
    await this.database.drop();
  }

  /** One HTTP request to the adapter, at the primary base path unless `path` begins with `//`. */
  readonly call = async (method: string, path: string, body?: unknown, options: Options = {}): Promise<Answer> => {
    const { as = ADMIN, type, headers = {} } = options;
    const isText = typeof body === 'string';
    const url = path.startsWith('//') ? new URL(this.base).origin + path.slice(1) : this.base + path;
    const request = httpRequest(url, {
      method,
      headers: {
        ...(as !== null && { authorization: as }),
        ...(body !== undefined && { 'content-type': type ?? (isText ? 'text/plain' : 'application/json') }),
        ...headers,
      },
    });
    request.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
    const [response] = (await once(request, 'response')) as [
      NodeJS.ReadableStream & { statusCode: number; headers: any },
    ];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    const contentType = String(response.headers['content-type'] ?? '');
    return {
      status: response.statusCode,
      type: contentType,
      text,
      json: text !== '' && contentType.startsWith('application/json') ? JSON.parse(text) : undefined,
    };
  };

  /** A transfer of 10.40 from alice to bob, whose URIs are under a base. */
  readonly transfer = (from = this.base): Record<string, unknown> => {
    return {
      ledger: from,
      debits: [{ account: `${from}/accounts/alice`, amount: '10.40', authorized: true, memo: { url: from } }],
      credits: [{ account: `${from}/accounts/bob`, amount: '10.40', memo: { ilp: 'packet', ledger: this.ledgerUrl } }],
      execution_condition: CONDITION,
      expires_at: new Date(Date.now() + 60_000).toISOString(),
    };
  };

  readonly subscribe = async (name: string): Promise<{ received: Notification[]; subscriber: LedgerSubscriber }> => {
    const received: Notification[] = [];
    const subscriber = new LedgerSubscriber({
      name: 'test',
      websocketUrl: `${this.base.replace('http', 'ws')}/websocket`,
      accounts: [`${this.base}/accounts/${name}`],
      authorize: async () => basicAuthorization(name, name),
      cursor: new MemoryCursorStore(),
      handle: async (notification) => void received.push(notification),
      logger: quiet,
      limits: { firstReconnectDelayMs: 5, maxReconnectDelayMs: 50 },
    });
    subscriber.start();
    await subscriber.ready();
    return { received, subscriber };
  };
}
