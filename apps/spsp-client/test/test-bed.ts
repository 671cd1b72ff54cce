import { conditionOf, encodePacket, packetToText } from '@level-one/ilp';
import { basicAuthorization, HopRecorder, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { createTestDatabase, eventually, FakePeers, type TestDatabase } from '@level-one/testing';
import { expect } from '@jest/globals';
import { DataSource } from 'typeorm';
import { spspClientRole } from '../src/spsp-client.role.js';
import { SpspClientSettings } from '../src/spsp-client.settings.js';

export const ALICE = '78956562';
export const FULFILLMENT = 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const LIFETIME_MS = 30_000;

export type Json = Record<string, any>;

/** What the payee's SPSP server answers. */
export function iprReply({ paymentId, amount = '10.40', senderIdentifier }: Json, dfsp = 'dfsp2'): Json {
  const address = `levelone.${dfsp}.bob.token`;
  const minorUnits = BigInt(Math.round(Number(amount) * 100));
  return {
    id: paymentId,
    name: 'Bob Diaz',
    destinationAccount: 'http://dfsp2.test/accounts/bob',
    address,
    destinationAmount: amount,
    expiresAt: new Date(Date.now() + LIFETIME_MS).toISOString(),
    data: { senderIdentifier },
    additionalHeaders: packetToText(encodePacket({ amount: minorUnits, address, data: Buffer.from(paymentId) })),
    condition: conditionOf(Buffer.from(String(paymentId))),
  };
}

export const RECEIVER = { type: 'payee', name: 'Bob', account: 'http://dfsp2.test/accounts/bob', currencyCode: 'USD' };
export const INVOICE = {
  type: 'invoice',
  invoiceId: '1',
  account: 'http://dfsp2.test/accounts/bob',
  currencyCode: 'USD',
  amount: '10.40',
  status: 'unpaid',
};

/** An SPSP client whose payments go to a fake DFSP, over a fake ledger that knows its T1s. */
export class SpspClientTestBed {
  database: TestDatabase;
  peers: FakePeers;
  client: RunningRole;
  hops: string[] = [];
  /** T1s as the fake ledger knows them. */
  ledger = new Map<string, Json>();

  static async start(): Promise<SpspClientTestBed> {
    const bed = new SpspClientTestBed();
    [bed.database, bed.peers] = await Promise.all([createTestDatabase(), FakePeers.start()]);
    bed.client = await bed.startClient();
    return bed;
  }

  /** Another instance on the same database, among the same peers; it is stopped by closing its `client`. */
  async besides(): Promise<SpspClientTestBed> {
    const other = Object.assign(new SpspClientTestBed(), this);
    other.client = await other.startClient();
    return other;
  }

  async startClient(changes: Partial<SpspClientSettings> = {}): Promise<RunningRole> {
    const { database, peers } = this;
    const recorder = new HopRecorder();
    const hops: string[] = [];
    this.hops = hops;
    recorder.records$.subscribe(({ hop }) => hops.push(hop));
    const role = await startRole(
      spspClientRole,
      settingsOf(SpspClientSettings, {
        port: 0,
        dfsp: 'dfsp1',
        rolePassword: 'the-client',
        callers: 'spsp-client-proxy:the-proxy,scheme-adapter:the-adapter',
        logLevel: 'silent',
        demoNetwork: true,
        databaseUrl: database.url,
        databaseSchema: 'spsp_client',
        centralDirectoryUrl: `${peers.url}/directory`,
        centralDirectoryKey: 'dfsp1',
        centralDirectorySecret: 'dfsp1',
        signingKey: '01'.repeat(32),
        signingKeyId: 'dfsp1-key-1',
        ilpConnectorUrl: `${peers.url}/connector`,
        ledgerAdapterUrl: `${peers.url}/ledger`,
        ledgerName: 'admin',
        ledgerPassword: 'admin',
        ilpPrefix: 'levelone.dfsp1.',
        ...changes,
      }),
      { hops: recorder },
    );
    await eventually(() => role.assertReady());
    return role;
  }

  /** Forgets what happened, and teaches the peers again what they answer when all goes well. */
  reset(): void {
    const { peers } = this;
    this.ledger = new Map();
    peers.clearCalls();
    this.hops.length = 0;
    peers.on(/^GET \/directory\/dfsps$/, {
      json: [{ shortName: 'dfsp2', providerUrl: `${peers.url}/v1`, origins: [peers.url] }],
    });
    peers.on(/^POST \/v1\/setup$/, ({ body }) => ({ status: 201, json: iprReply(body) }));
    peers.on(/^GET \/connector\/quote$/, ({ query }) => ({
      json: {
        source_connector_account: 'levelone.dfsp1.dfsp1-testconnector',
        source_ledger: 'levelone.dfsp1.',
        source_amount: query['source_amount'] ?? query['destination_amount'],
        destination_amount: query['destination_amount'] ?? query['source_amount'],
      },
    }));
    peers.on(/^PUT \/ledger\/transfers\/[^/]+$/, ({ body, route }) => {
      const id = route.split('/').at(-1)!;
      this.ledger.set(id, this.ledger.get(id) ?? { ...body, state: 'prepared' });
      return { status: 201, json: this.ledger.get(id) };
    });
    peers.on(/^GET \/ledger\/transfers\/[^/]+$/, ({ route }) => {
      const transfer = this.ledger.get(route.split('/').at(-1)!);
      return transfer
        ? { json: transfer }
        : { status: 404, json: { id: 'NotFoundError', message: 'Unknown transfer' } };
    });
    peers.on(/^GET \/ledger\/transfers\/[^/]+\/fulfillment$/, { text: FULFILLMENT });
  }

  async stop(): Promise<void> {
    await this.client.close();
    await this.peers.stop();
    await this.database.drop();
  }

  get receiverUrl(): string {
    return `${this.peers.url}/v1/receivers/26547070`;
  }

  async ask(method: 'GET' | 'POST' | 'PUT', url: string, body?: object) {
    const answer = await this.client.app.inject({
      method,
      url,
      headers: {
        authorization: url.includes('IPR')
          ? basicAuthorization('scheme-adapter', 'the-adapter')
          : basicAuthorization('spsp-client-proxy', 'the-proxy'),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { payload: JSON.stringify(body) }),
    });
    const json: Json = answer.body === '' ? {} : answer.json();
    return { status: answer.statusCode, json, text: answer.body };
  }

  /** Body of a setup of 10.40 for Bob. */
  request(changes: Json = {}): Json {
    return {
      receiver: this.receiverUrl,
      sourceAccount: `${this.peers.url}/ledger/accounts/alice`,
      sourceIdentifier: ALICE,
      destinationAmount: '10.40',
      ...changes,
    };
  }

  async newSetup(changes: Json = {}): Promise<Json> {
    const answer = await this.ask('POST', '/v1/setup', this.request(changes));
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
    return answer.json;
  }

  pay(setup: Json) {
    return this.ask('POST', `/v1/transfers/${setup['id']}`, setup);
  }

  /** T1s that were sent under this id. */
  sent(id: string) {
    return this.peers.callsTo(new RegExp(`^PUT /ledger/transfers/${id}$`));
  }

  /** Waits until T1 is on the ledger. */
  prepared(id: string): Promise<void> {
    return eventually(() => expect(this.ledger.has(id)).toBe(true));
  }

  /** Changes T1 on the ledger, which notifies of it. */
  settle(id: string, changes: Json, related?: object): void {
    const transfer = { ...this.ledger.get(id), ...changes };
    this.ledger.set(id, transfer);
    this.peers.sendEvent('transfer.update', transfer, related);
  }

  execute(id: string): void {
    this.settle(id, { state: 'executed' }, { execution_condition_fulfillment: FULFILLMENT });
  }

  rows(sql: string) {
    return this.client.app.get(DataSource, { strict: false }).query<Json[]>(sql);
  }
}
