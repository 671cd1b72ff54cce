import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { WebSocket } from 'ws';
import { type Answer, ask, type Ask, TestNetwork } from './test-network.js';

export const ADMIN = 'admin:admin';

/** The three places where the Five Bells API stands. */
export const FIVE_BELLS_BASES = [
  { role: 'dfsp-ledger', dfsp: 'dfsp1', path: '/ledger' },
  { role: 'ledger-adapter', dfsp: 'dfsp1', path: '/ilp/ledger/v1' },
  { role: 'central-ledger', dfsp: null, path: '' },
] as const;

/** Roles that would answer transfers and messages in the place of a test. */
const OTHERS = ['spsp-client', 'spsp-client-proxy', 'spsp-server', 'spsp-backend', 'scheme-adapter', 'ilp-connector'];

/**
 * A network in which nobody but the test speaks to the ledgers; `environment` overrides settings of all of them. Without
 * graces, so that a transfer ends when it expires.
 */
export function startLedgers(environment: Record<string, string> = {}): Promise<TestNetwork> {
  return TestNetwork.start(
    { LATE_GRACE_S: '0', ...environment },
    ['dfsp1', 'dfsp2'].flatMap((dfsp) => OTHERS.map((role) => `${dfsp}/${role}`)),
  );
}

/** A 32-byte preimage with its condition and fulfillment in both spellings. */
export interface Secret {
  ni: string;
  cc: string;
  der: string;
  cf: string;
}

export function secret(preimage: Buffer = randomBytes(32)): Secret {
  const hash = createHash('sha256').update(preimage).digest('base64url');
  return {
    ni: `ni:///sha-256;${hash}?fpt=preimage-sha-256&cost=${preimage.length}`,
    cc: `cc:0:3:${hash}:${preimage.length}`,
    der: Buffer.concat([Buffer.from([0xa0, preimage.length + 2, 0x80, preimage.length]), preimage]).toString(
      'base64url',
    ),
    cf: `cf:0:${preimage.toString('base64url')}`,
  };
}

export function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1_000).toISOString();
}

/** Requests to one ledger; whoever is not named asks as the administrator. */
export class FiveBellsLedger {
  /** Accounts that can log in. */
  private readonly opened = new Set<string>();

  constructor(readonly base: string) {}

  accountUri(name: string): string {
    return `${this.base}/accounts/${encodeURIComponent(name)}`;
  }

  /** `request` is `METHOD /path` below the base. */
  ask(request: string, options: Ask = {}): Promise<Answer> {
    const [method, path = ''] = request.split(' ');
    return ask(`${method} ${this.base}${path}`, { auth: ADMIN, ...options });
  }

  /** Opens an account whose password is its name. @returns the name. */
  async open(name: string, balance = '100.00', settings: Record<string, unknown> = {}): Promise<string> {
    const body = { name, password: name, balance, ...settings };
    const answer = await ask(`PUT ${this.accountUri(name)}`, { auth: ADMIN, body });
    if (answer.status !== 201) throw new Error(`${name} could not be opened: ${answer.text}`);
    if (settings['is_disabled'] !== true) this.opened.add(name);
    return name;
  }

  async balance(name: string): Promise<string> {
    return (await ask(`GET ${this.accountUri(name)}`, { auth: ADMIN })).body.balance;
  }

  /** A transfer of 1.00 that the debit authorizes, with or without condition. */
  transfer(id: string, [payer, payee]: readonly [string, string], changes: Record<string, unknown> = {}): any {
    return {
      id: `${this.base}/transfers/${id}`,
      ledger: this.base,
      debits: [{ account: this.accountUri(payer), amount: '1.00', authorized: true }],
      credits: [{ account: this.accountUri(payee), amount: '1.00' }],
      ...changes,
    };
  }

  /** Who is not named is the payer: nobody else moves the money of a DFSP's account. */
  put(id: string, body: any, auth: string | null = this.ownerOf(body?.debits?.[0]?.account)): Promise<Answer> {
    return this.ask(`PUT /transfers/${id}`, { body, auth });
  }

  get(id: string, auth: string | null = ADMIN): Promise<Answer> {
    return this.ask(`GET /transfers/${id}`, { auth });
  }

  fulfil(id: string, text: string, auth: string | null = ADMIN): Promise<Answer> {
    return this.ask(`PUT /transfers/${id}/fulfillment`, {
      body: text,
      auth,
      headers: { 'content-type': 'text/plain' },
    });
  }

  fulfillment(id: string, auth: string | null = ADMIN): Promise<Answer> {
    return this.ask(`GET /transfers/${id}/fulfillment`, { auth });
  }

  /** Who is not named is the payee. */
  async reject(id: string, body: unknown, auth?: string | null): Promise<Answer> {
    const payee = async (): Promise<string> => this.ownerOf((await this.get(id)).body?.credits?.[0]?.account);
    return this.ask(`PUT /transfers/${id}/rejection`, { body, auth: auth === undefined ? await payee() : auth });
  }

  private ownerOf(account: unknown): string {
    const name = decodeURIComponent(String(account).split('/').at(-1) ?? '');
    return this.opened.has(name) ? `${name}:${name}` : ADMIN;
  }

  /** Prepares 1.00 for a fresh secret. */
  async prepare(parties: readonly [string, string], changes: Record<string, unknown> = {}) {
    const id = randomUUID();
    const promised = secret();
    const body = this.transfer(id, parties, {
      execution_condition: promised.ni,
      expires_at: inSeconds(60),
      ...changes,
    });
    const answer = await this.put(id, body);
    if (answer.status !== 201) throw new Error(`It was not prepared: ${answer.text}`);
    return { id, body, answer, ...promised };
  }
}

/** A websocket with the ledger, spoken to as old clients do: they know nothing but the URI of their account. */
export class FiveBellsClient {
  readonly frames: any[] = [];
  private lastId = 0;

  private constructor(
    private readonly socket: WebSocket,
    readonly urls: Record<string, string>,
  ) {
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
  }

  /** From the account to the ledger, its metadata, a token and the websocket. Not subscribed yet. */
  static async open(accountUri: string, auth: string): Promise<FiveBellsClient> {
    const account = await ask(`GET ${accountUri}`);
    const { body: metadata } = await ask(`GET ${account.body.ledger}`);
    const { body: login } = await ask(`GET ${metadata.urls.auth_token}`, { auth });
    const url = `${metadata.urls.websocket}?token=${encodeURIComponent(login.token)}`;
    const client = new FiveBellsClient(new WebSocket(url), metadata.urls);
    await eventually(() => expect(client.frames).toEqual([{ jsonrpc: '2.0', id: null, method: 'connect' }]));
    return client;
  }

  /** Opened, and told of everything that concerns the account. */
  static async listen(accountUri: string, auth: string): Promise<FiveBellsClient> {
    const client = await FiveBellsClient.open(accountUri, auth);
    expect(await client.call('subscribe_account', { eventType: '*', accounts: [accountUri] })).toEqual({ result: 1 });
    return client;
  }

  /** What comes first on a websocket with other credentials: the frame, or the status of the refusal. */
  static first(url: string, headers: Record<string, string> = {}): Promise<any> {
    return new Promise((done) => {
      const socket = new WebSocket(url, { headers });
      socket.on('unexpected-response', (_request, response) => done(response.statusCode));
      socket.on('error', () => undefined);
      socket.on('message', (data) => {
        socket.terminate();
        done(JSON.parse(String(data)));
      });
    });
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The reply to a request: `{ result }` or `{ error }`. */
  async call(method: string, params?: unknown): Promise<{ result?: unknown; error?: any }> {
    this.lastId += 1;
    const id = this.lastId;
    this.send({ jsonrpc: '2.0', id, method, params });
    return eventually(() => {
      const reply = this.frames.find((frame) => frame.id === id);
      expect(reply).toMatchObject({ jsonrpc: '2.0', id });
      const { result, error } = reply;
      return error === undefined ? { result } : { error };
    });
  }

  /** What it was told, of one transfer if its id is given. */
  told(transferId = ''): any[] {
    return this.frames
      .filter(({ method, params }) => method === 'notify' && (params.resource.id ?? '').endsWith(transferId))
      .map(({ params }) => params);
  }

  close(): void {
    this.socket.terminate();
  }
}

const KNOWN_MEMBERS = new Set(
  `id ledger state rejection_reason execution_condition cancellation_condition expires_at timeline debits credits
   additional_info`.split(/\s+/),
);

/**
 * Why old clients pass over a notification of this transfer: they hold it against a closed schema, in which a member
 * is absent rather than null and a transfer is rejected for one of two reasons.
 */
export function unreadable(transfer: Record<string, any>): string[] {
  const members = Object.entries(transfer).flatMap(([name, value]) => [
    ...(KNOWN_MEMBERS.has(name) ? [] : [`${name} is unknown`]),
    ...(value === null ? [`${name} is null`] : []),
  ]);
  const reason = transfer['rejection_reason'] ?? 'expired';
  return ['expired', 'cancelled'].includes(reason) ? members : [...members, `rejection_reason is ${reason}`];
}
