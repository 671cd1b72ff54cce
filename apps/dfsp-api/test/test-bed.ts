import { FROM_DFSP_HEADER } from '@level-one/peers';
import { basicAuthorization, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { createTestDatabase, type FakePeerAnswer, FakePeers, type TestDatabase } from '@level-one/testing';
import { type LimitRequest, Limits } from '@level-one/tariff';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { dfspApiRole } from '../src/dfsp-api.role.js';
import { DfspApiSettings } from '../src/dfsp-api.settings.js';
import { NoticeSender } from '../src/notices/notice-sender.js';

export const ALICE = '78956562';
export const DAVE = '26547071';
/** Merchant of another DFSP. */
export const BOB = '26547070';
/** SPSP server of the DFSP under test, and of another registered one. */
export const OWN_SERVER = 'http://spsp.dfsp1.test/v1';
export const OTHER_SERVER = 'http://spsp.dfsp2.test/v1';

/** Routes by which the SPSP client answers the status of a payment. */
const STARTED = /^(POST \/proxy\/transfers|GET \/proxy\/payments)\//;

export interface Answer {
  status: number;
  json: any;
  headers: Record<string, unknown>;
}

/** One DFSP API with its own database, among fake peers: alice is a client, dave a merchant. */
export class TestBed {
  private constructor(
    readonly api: RunningRole,
    readonly peers: FakePeers,
    private readonly database: TestDatabase,
    private readonly settings: Partial<DfspApiSettings>,
    /** Invoices of other DFSPs, by URL. */
    private readonly invoices = new Map<string, Record<string, unknown>>(),
    /** Transfers that tests set at the own ledger, by id. */
    private readonly transfers = new Map<string, Record<string, unknown>>(),
    /** Ids that were made void at the own ledger. */
    private readonly voided = new Set<string>(),
  ) {}

  static async start(settings: Partial<DfspApiSettings> = {}): Promise<TestBed> {
    const [database, peers] = await Promise.all([createTestDatabase(), FakePeers.start()]);
    const all: Partial<DfspApiSettings> = {
      port: 0,
      publicUrl: 'http://localhost',
      logLevel: 'silent',
      demoNetwork: true,
      dfsp: 'dfsp1',
      databaseUrl: database.url,
      databaseSchema: 'dfsp1_dfsp_api',
      apiCredentials: 'dfsp1:dfsp1',
      rolePassword: 'dfsp-api-password',
      callers: 'spsp-backend:backend-password,scheme-adapter:adapter-password',
      adminCredentials: 'admin:admin',
      centralDirectoryUrl: `${peers.url}/directory`,
      centralDirectoryKey: 'dfsp1',
      centralDirectorySecret: 'dfsp1',
      spspClientProxyUrl: `${peers.url}/proxy`,
      schemeAdapterUrl: `${peers.url}/scheme/adapter/v1`,
      spspServerUrl: OWN_SERVER,
      ledgerAdapterUrl: 'http://adapter.dfsp1.test/ilp/ledger/v1',
      ledgerUrl: `${peers.url}/ledger`,
      ledgerName: 'admin',
      ledgerPassword: 'admin',
      // Long enough that sweeps run only when a test calls them.
      sweepIntervalMs: 60_000,
      deliveryPauseMs: 1,
      // Most tests send unproven requests, and share one role.
      unprovenSetups: 100,
      unprovenSetupsPerCustomer: 50,
      unprovenQuotes: 100,
      unprovenQuotesPerCustomer: 50,
      ...settings,
    };
    const bed = new TestBed(await startRole(dfspApiRole, settingsOf(DfspApiSettings, all)), peers, database, all);
    bed.teachPeers();
    await bed.provisionPeople();
    return bed;
  }

  /** Starts a second role on the same database and peers. */
  async restarted(changes: Partial<DfspApiSettings> = {}): Promise<TestBed> {
    await this.api.close();
    const api = await startRole(dfspApiRole, settingsOf(DfspApiSettings, { ...this.settings, ...changes }));
    return new TestBed(api, this.peers, this.database, this.settings, this.invoices, this.transfers, this.voided);
  }

  /** Starts another instance of the role on the same database and peers; it is stopped by closing its `api`. */
  async besides(changes: Partial<DfspApiSettings> = {}): Promise<TestBed> {
    const api = await startRole(dfspApiRole, settingsOf(DfspApiSettings, { ...this.settings, ...changes }));
    return new TestBed(api, this.peers, this.database, this.settings, this.invoices, this.transfers, this.voided);
  }

  async stop(): Promise<void> {
    await this.api.close();
    await this.peers.stop();
    await this.database.drop();
  }

  /** A provider of the running role. */
  get<T>(token: abstract new (...args: never[]) => T): T {
    return this.api.app.get(token, { strict: false });
  }

  /** Reserves a payment's part of the limits, as quotes and payments do. */
  async reserveLimits(payment: LimitRequest): Promise<void> {
    const { request, explain } = await this.get(Limits).reservationOf(payment);
    try {
      await this.get(DataSource).query('SELECT reserve_limits($1)', [request]);
    } catch (error) {
      throw explain(error);
    }
  }

  async ask(request: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const [method = 'GET', url = '/'] = request.split(' ');
    const answer = await this.api.app.inject({
      method: method as 'GET',
      url,
      headers: {
        authorization: authorizationFor(request, body),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
    });
    return {
      status: answer.statusCode,
      json: answer.body === '' ? undefined : answer.json(),
      headers: answer.headers,
    };
  }

  /** Issues an invoice of dave for alice; answers its body. */
  async issue(more: Record<string, unknown> = {}): Promise<any> {
    const answer = await this.ask('POST /v1/merchantInvoice', {
      account: 'dave',
      amount: '10.40',
      identifier: ALICE,
      merchantIdentifier: DAVE,
      ...more,
    });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.json));
    await this.get(NoticeSender).settle();
    return answer.json;
  }

  /** Notifies alice of an invoice of bob at another DFSP. */
  async notify(view: Record<string, unknown> = {}): Promise<{ invoiceUrl: string; invoiceNotificationId: string }> {
    const invoiceId = randomUUID();
    const invoiceUrl = `${OTHER_SERVER}/invoices/${invoiceId}`;
    this.teachInvoice(invoiceUrl, { ...view, status: 'unpaid' });
    const answer = await this.notice({ invoiceUrl, senderIdentifier: ALICE, memo: 'Lunch' });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.json));
    this.teachInvoice(invoiceUrl, view);
    return { invoiceUrl, invoiceNotificationId: answer.json.invoiceNotificationId };
  }

  /** Sends hop III.E as the proven DFSP `from`. */
  notice(body: object, from: string | undefined = 'dfsp2', route = '/v1/invoices'): Promise<Answer> {
    return this.ask(`POST ${route}`, body, from === undefined ? {} : { [FROM_DFSP_HEADER]: from });
  }

  /** Sets the answer of row 14 for an invoice of bob. */
  teachInvoice(invoiceUrl: string, view: Record<string, unknown> = {}): void {
    this.invoices.set(invoiceUrl, {
      type: 'invoice',
      invoiceId: invoiceUrl.split('/').at(-1),
      account: 'http://adapter.dfsp2.test/ilp/ledger/v1/accounts/bob',
      name: 'Bob Diaz',
      currencyCode: 'USD',
      currencySymbol: '$',
      amount: '10.40',
      status: 'unpaid',
      invoiceType: 'standard',
      merchantIdentifier: BOB,
      invoiceInfo: 'Lunch',
      ...view,
    });
  }

  /** Sets the transfer of a payment at the own ledger: by default 10.40 from the connector to dave. */
  ledgerHas(paymentId: string, state: string, more: Record<string, unknown> = {}): void {
    this.transfers.set(paymentId.toLowerCase(), ledgerTransfer(paymentId, state, more));
  }

  /** Answer of the ledger for a transfer: as set by the test, else in agreement with the SPSP client's last answer. */
  transferAnswer(asked: string): FakePeerAnswer {
    const id = asked.split('/').at(-1)!;
    const unknown = { status: 404, json: { id: 'NotFoundError', message: 'Unknown transfer' } };
    const taught = this.transfers.get(id);
    if (taught) return { json: taught };
    if (this.voided.has(id)) return unknown;
    const told = this.peers
      .callsTo(STARTED)
      .filter(({ route }) => route.endsWith(id))
      .map(({ answer }) => (answer?.json ?? {}) as Record<string, any>)
      .findLast(({ status }) => status !== undefined);
    const { status: said, rejectionMessage } = told ?? {};
    const setup = this.peers.calls.findLast((call) => call.route === 'POST /proxy/setup' && call.body.paymentId === id);
    const set = setup?.answer?.json as Record<string, any> | undefined;
    if (!set || said === undefined) return unknown;
    const end = said === 'expired' ? { rejection_reason: 'expired' } : {};
    const json = ledgerTransfer(id, said === 'expired' ? 'rejected' : said === 'pending' ? 'prepared' : said, {
      debits: [{ account: set['sourceAccount'], amount: set['sourceAmount'] }],
      credits: [{ account: 'connector', amount: set['sourceAmount'], rejection_message: rejectionMessage }],
      execution_condition: set['execution_condition'],
      ...end,
    });
    return { json };
  }

  /** Answer of the ledger that voids an id: an unknown one is void from now on, a known transfer stays as it is. */
  voidAnswer(asked: string): FakePeerAnswer {
    const id = asked.split('/').at(-2)!;
    const known = this.transferAnswer(`/transfers/${id}`);
    if (known.status !== 404) return known;
    this.voided.add(id);
    return { json: { id: `http://ledger.dfsp1.test/ledger/transfers/${id}`, state: 'void' } };
  }

  /** Whether an id is void at the own ledger. */
  isVoid(id: string): boolean {
    return this.voided.has(id);
  }

  invoiceAnswer(query: Record<string, string>): FakePeerAnswer {
    const view = this.invoices.get(String(query['invoiceUrl']));
    return view ? { json: view } : { status: 404, json: { id: 'InvoiceNotFoundError', message: 'not here' } };
  }

  private teachPeers(): void {
    const { peers } = this;
    peers.on(/^GET \/ledger\/auth_token$/, { json: { token: 'a-token', token_max_age: 1 } });
    peers.on(/^GET \/ledger\/accounts\//, ({ route }) => ({ json: ledgerAccount(route.split('/').at(-1)!) }));
    peers.on(/^GET \/ledger\/transfers\/[^/]+$/, ({ route }) => this.transferAnswer(route));
    peers.on(/^GET \/ledger\/transfers\/[^/]+\/fulfillment$/, { text: 'oCKAIA' });
    peers.on(/^PUT \/ledger\/transfers\/[^/]+\/void$/, ({ route }) => this.voidAnswer(route));
    peers.on(/^PUT \/ledger\/transfers\/[^/]+\/charges$/, { status: 201, json: [] });
    peers.on(/^GET \/directory\/dfsps$/, {
      json: [OWN_SERVER, OTHER_SERVER].map((providerUrl, index) => ({
        shortName: `dfsp${index + 1}`,
        providerUrl,
        origins: [new URL(providerUrl).origin],
      })),
    });
    peers.on(/^GET \/directory\/resources$/, ({ query }) =>
      query['identifier'] === `eur:${ALICE}`
        ? { json: [{ name: 'DFSP 1', providerUrl: OWN_SERVER, shortName: 'dfsp1', primary: true, registered: true }] }
        : { status: 404, json: { id: 'NotFoundError', message: 'not here' } },
    );
    peers.on(/^GET \/proxy\/query$/, { json: receiver('Alice Ames') });
    peers.on(/^POST \/proxy\/invoices$/, { status: 201, json: {} });
    peers.on(/^GET \/proxy\/invoices$/, ({ query }) => this.invoiceAnswer(query));
    peers.on(/^POST \/proxy\/setup$/, ({ body }) => ({ status: 201, json: setupResponse(body) }));
    peers.on(/^POST \/proxy\/transfers\//, ({ body }) => ({
      status: 201,
      json: { ...body, status: 'executed', fulfillment: 'oCKAIA' },
    }));
  }

  private async provisionPeople(): Promise<void> {
    for (const [number, firstName, lastName, isMerchant] of [
      [ALICE, 'Alice', 'Ames', false],
      [DAVE, 'Dave', 'Dunn', true],
    ] as const) {
      const answer = await this.ask(`PUT /v1/customers/${number}`, {
        firstName,
        lastName,
        imageUrl: 'https://images.example/one.png',
        isMerchant,
        accounts: [{ name: firstName.toLowerCase(), type: 'mWallet' }],
      });
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.json));
    }
  }
}

/** A transfer as the ledger shows it: by default 10.40 from the connector to dave. */
export function ledgerTransfer(id: string, state: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const account = (name: string) => `http://ledger.dfsp1.test/ledger/accounts/${name}`;
  return {
    id,
    state,
    debits: [{ account: account('dfsp1-testconnector'), amount: '10.40' }],
    credits: [{ account: account('dave'), amount: '10.40' }],
    ...more,
  };
}

/** Routes for roles of the DFSP, with their credentials; all others are for the channel. */
const ROLE_ROUTES: readonly [RegExp, name: string, password: string][] = [
  [/^PUT (\/v1)?\/payments\//, 'scheme-adapter', 'adapter-password'],
  [/^POST (\/v1)?\/(setup|receiver\/invoice)/, 'spsp-backend', 'backend-password'],
  [/^PUT (\/v1)?\/(receivers\/|invoices\/[^/]+$)/, 'spsp-backend', 'backend-password'],
  [/^GET (\/v1)?\/(receivers\/|query)/, 'spsp-backend', 'backend-password'],
];

function authorizationFor(request: string, body: unknown): string {
  const isNotice = /^POST (\/v1)?\/invoices$/.test(request) && Object.hasOwn(Object(body), 'invoiceUrl');
  if (isNotice) return basicAuthorization('spsp-backend', 'backend-password');
  const [, name, password] = ROLE_ROUTES.find(([route]) => route.test(request)) ?? [undefined, 'dfsp1', 'dfsp1'];
  return basicAuthorization(name, password);
}

/** An account of a customer with a balance of 100.00, as the ledger shows it. */
export function ledgerAccount(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { name, accountType: 'mw', balance: '100.00', minimum_allowed_balance: '0.00', ...more };
}

export function receiver(name: string): Record<string, unknown> {
  return {
    type: 'payee',
    name,
    account: 'http://adapter.dfsp1.test/ilp/ledger/v1/accounts/alice',
    currencyCode: 'USD',
    currencySymbol: '$',
    imageUrl: 'https://images.example/one.png',
  };
}

/** Answer of hop S.A; by default for an invoice of 10.40. */
export function setupResponse(request: any, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: request.paymentId,
    name: 'Bob Diaz',
    receiver: request.receiver,
    destinationAccount: 'http://adapter.dfsp2.test/ilp/ledger/v1/accounts/bob',
    address: 'levelone.dfsp2.bob.token',
    destinationAmount: '10.40',
    sourceAmount: '10.40',
    sourceAccount: request.sourceAccount,
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
    data: { senderIdentifier: request.sourceIdentifier },
    additionalHeaders: 'cGFja2V0',
    execution_condition: 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32',
    condition: 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32',
    ...more,
  };
}

/** Statuses of answers, in ascending order. */
export function statusesOf(answers: Answer[]): number[] {
  return answers.map(({ status }) => status).toSorted((a, b) => a - b);
}
