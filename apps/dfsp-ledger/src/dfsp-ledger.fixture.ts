import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { basicAuthorization, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import {
  closeLedger,
  CONDITION,
  createTestDatabase,
  eventually,
  type RoleAnswer,
  type TestDatabase,
} from '@level-one/testing';
import { WebSocket } from 'ws';
import { dfspLedgerRole } from './dfsp-ledger.role.js';
import { DfspLedgerSettings } from './dfsp-ledger.settings.js';

export const BASE = 'http://localhost/ledger';
export const ADMIN = basicAuthorization('admin', 'admin');
export const ALICE = basicAuthorization('alice', 'alice');
export const BOB = basicAuthorization('bob', 'bob');

/** Starts a ledger of dfsp1 on a database, with the settings of the tests but for what is given. */
export function startDfspLedger(
  database: TestDatabase,
  change: Partial<DfspLedgerSettings> = {},
): Promise<RunningRole> {
  return startRole(
    dfspLedgerRole,
    settingsOf(DfspLedgerSettings, {
      port: 0,
      publicUrl: 'http://localhost',
      logLevel: 'silent',
      demoNetwork: true,
      dfsp: 'dfsp1',
      databaseUrl: database.url,
      databaseSchema: 'dfsp1_ledger',
      ledgerAdminPassword: 'admin',
      tokenSecret: 'a secret of the tests',
      ...change,
    }),
  );
}

/** A transfer of 10.40 from alice to bob, authorized, with a condition, but for what is given. */
export function transfer(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    debits: [{ account: `${BASE}/accounts/alice`, amount: '10.40', authorized: true, memo: { note: 'Žofie 🦊' } }],
    credits: [{ account: `${BASE}/accounts/bob`, amount: '10.40', memo: { ilp: 'packet' } }],
    execution_condition: CONDITION,
    expires_at: new Date(Date.now() + 60_000).toISOString(),
    ...change,
  };
}

function expectCreated(answer: RoleAnswer): void {
  expect(answer.status).toBe(201);
}

interface Options {
  /** The Authorization header; null sends none. */
  as?: string | null;
  /** The content type of the body, where it is not that of a text or of JSON. */
  type?: string;
}

/** A ledger with accounts alice (1000.00), bob, carol and connector, and what the tests do with it. */
export class TestDfspLedger {
  /** @param change settings of the ledger */
  static async open(change: Partial<DfspLedgerSettings> = {}): Promise<TestDfspLedger> {
    const database = await createTestDatabase();
    const role = await startDfspLedger(database, {
      // More than any test sends.
      requestsPerCustomer: 1_000,
      ilpPrefix: 'levelone.dfsp1.',
      ...change,
    });
    const ledger = new TestDfspLedger(role, database);
    await ledger.call('PUT', '/accounts/alice', {
      name: 'alice',
      password: 'alice',
      balance: '1000.00',
      accountType: 'mw',
      direct_use: true,
    });
    await ledger.call('PUT', '/accounts/bob', { name: 'bob', password: 'bob' });
    await ledger.call('PUT', '/accounts/carol', { name: 'carol', password: 'carol' });
    await ledger.call('PUT', '/accounts/connector', {
      name: 'connector',
      password: 'connector',
      minimum_allowed_balance: '-1000000.00',
      accountType: 'con',
    });
    return ledger;
  }

  private constructor(
    private readonly role: RunningRole,
    private readonly database: TestDatabase,
  ) {}

  readonly call = async (
    method: string,
    path: string,
    body?: unknown,
    { as = ADMIN, type }: Options = {},
  ): Promise<RoleAnswer> => {
    const isText = typeof body === 'string';
    const answer = await this.role.app.inject({
      method: method as 'GET',
      url: `/ledger${path}`,
      headers: {
        ...(as !== null && { authorization: as }),
        ...(body !== undefined && { 'content-type': type ?? (isText ? 'text/plain' : 'application/json') }),
      },
      ...(body !== undefined && { payload: isText ? body : JSON.stringify(body) }),
    });
    const isJson = String(answer.headers['content-type']).startsWith('application/json');
    return { status: answer.statusCode, text: answer.payload, json: isJson ? answer.json() : undefined };
  };

  /** @returns path and body of a new prepared transfer. */
  readonly prepared = async (change: Record<string, unknown> = {}): Promise<[string, Record<string, unknown>]> => {
    const path = `/transfers/${randomUUID()}`;
    const body = transfer(change);
    expectCreated(await this.call('PUT', path, body, { as: ALICE }));
    return [path, body];
  };

  /** Opens a websocket subscribed to bob's account, and collects its notifications. */
  readonly listenToBob = async (): Promise<{ socket: WebSocket; notifications: any[] }> => {
    const { token } = (await this.call('GET', '/auth_token', undefined, { as: BOB })).json;
    const { port } = this.role.app.getHttpServer().address() as { port: number };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ledger/websocket?token=${token}`);
    const frames: any[] = [];
    socket.on('message', (data) => frames.push(JSON.parse(String(data))));
    await eventually(() => {
      if (frames[0]?.method !== 'connect') throw new Error('Not connected');
    });
    const params = { eventType: '*', accounts: [`${BASE}/accounts/bob`] };
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscribe_account', params }));
    const notifications: any[] = [];
    await eventually(() => {
      if (frames[1]?.result !== 1) throw new Error('Not subscribed');
    });
    socket.on('message', (data) => notifications.push(JSON.parse(String(data)).params));
    return { socket, notifications };
  };

  /** Another instance of the same ledger. Stop it before the ledger is closed. */
  async openSecond(): Promise<TestDfspLedger> {
    const role = await startDfspLedger(this.database, { requestsPerCustomer: 1_000, ilpPrefix: 'levelone.dfsp1.' });
    return new TestDfspLedger(role, this.database);
  }

  /** Stops this instance only. */
  stop(): Promise<void> {
    return this.role.close();
  }

  close(): Promise<void> {
    return closeLedger(this.role, this.database);
  }
}
