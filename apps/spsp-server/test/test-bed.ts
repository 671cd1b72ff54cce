import { expect } from '@jest/globals';
import type { IprReplyDto } from '@level-one/peers';
import { basicAuthorization, HopRecorder, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { createTestDatabase, eventually, FakePeers, type TestDatabase } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { spspServerRole } from '../src/spsp-server.role.js';
import { SpspServerSettings } from '../src/spsp-server.settings.js';

export const OWN = 'http://localhost';
export const BOB = '26547070';
export const ALICE = '78956562';
const LIFETIME_MS = 30_000;

/** Body of a setup of 10.40 for Bob. */
export const requestFor = (changes: Record<string, unknown> = {}) => ({
  receiver: `${OWN}/v1/receivers/${BOB}`,
  amount: '10.40',
  senderIdentifier: ALICE,
  paymentId: randomUUID(),
  ...changes,
});

/** An SPSP server of dfsp2, between a fake ledger and fake roles of its DFSP. */
export class SpspServerTestBed {
  database: TestDatabase;
  peers: FakePeers;
  server: RunningRole;
  /** Hops that the server recorded, as `<id> <traceId>`. */
  hops: string[] = [];

  private constructor(private readonly settings: Partial<SpspServerSettings>) {}

  static async start(settings: Partial<SpspServerSettings> = {}): Promise<SpspServerTestBed> {
    const bed = new SpspServerTestBed(settings);
    [bed.database, bed.peers] = await Promise.all([createTestDatabase(), FakePeers.start()]);
    const { peers } = bed;
    // What the ledger tells of its accounts.
    peers.on(/^GET \/ledger\/accounts\/(bob|eve)$/, { json: { accountType: 'mw', direct_use: false } });
    peers.on(/^GET \/ledger\/accounts\/(yb|dfsp2-testconnector)$/, { json: { direct_use: true } });
    peers.on(/^PUT \/ledger\/transfers\/[^/]+\/fulfillment$/, ({ body }) => ({ text: String(body) }));
    peers.on(/^PUT \/ledger\/transfers\/[^/]+\/rejection$/, { json: { state: 'rejected' } });
    bed.server = await bed.startServer();
    return bed;
  }

  async startServer(changes: Partial<SpspServerSettings> = {}): Promise<RunningRole> {
    const { database, peers } = this;
    const recorder = new HopRecorder();
    const hops: string[] = [];
    this.hops = hops;
    recorder.records$.subscribe(({ hop, traceId }) => hops.push(`${hop} ${traceId}`));
    const role = await startRole(
      spspServerRole,
      settingsOf(SpspServerSettings, {
        port: 0,
        publicUrl: OWN,
        dfsp: 'dfsp2',
        rolePassword: 'the-server',
        callers: 'scheme-adapter:the-adapter',
        logLevel: 'silent',
        demoNetwork: true,
        databaseUrl: database.url,
        databaseSchema: 'spsp_server',
        spspBackendUrl: `${peers.url}/backend`,
        schemeAdapterUrl: `${peers.url}/scheme`,
        ledgerAdapterUrl: `${peers.url}/ledger`,
        ledgerName: 'admin',
        ledgerPassword: 'admin',
        ilpPrefix: 'levelone.dfsp2.',
        receiverSecret: '11'.repeat(32),
        centralDirectoryUrl: `${peers.url}/directory`,
        centralDirectoryKey: 'dfsp2',
        centralDirectorySecret: 'dfsp2',
        requestsUnsigned: 1_000,
        ...this.settings,
        ...changes,
      }),
      { hops: recorder },
    );
    await eventually(() => role.assertReady());
    return role;
  }

  /** Forgets what happened, and teaches the DFSP again what it answers when all goes well. */
  reset(): void {
    const { peers } = this;
    peers.clearCalls();
    this.hops.length = 0;
    peers.on(/^POST \/backend\/setup$/, ({ body }) => ({
      status: 201,
      json: {
        id: body.paymentId,
        name: 'Bob Diaz',
        destinationAccount: `${peers.url}/ledger/accounts/bob`,
        currencyCode: 'USD',
        currencySymbol: '$',
        destinationAmount: body.amount ?? '10.40',
        expiresAt: new Date(Date.now() + LIFETIME_MS).toISOString(),
        data: { senderIdentifier: body.senderIdentifier },
        status: 'proposed',
      },
    }));
    peers.on(/^PUT \/backend\/(invoices|receivers)\/[^/]+\/payments\/[^/]+$/, { json: {} });
  }

  async stop(): Promise<void> {
    await this.server.close();
    await this.peers.stop();
    await this.database.drop();
  }

  async ask(method: 'GET' | 'POST', url: string, body?: object) {
    const answer = await this.server.app.inject({
      method,
      url,
      headers: {
        authorization: basicAuthorization('scheme-adapter', 'the-adapter'),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, json: answer.json(), text: answer.body };
  }

  async newSetup(changes: Record<string, unknown> = {}): Promise<IprReplyDto> {
    const answer = await this.ask('POST', '/v1/setup', requestFor(changes));
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
    return answer.json;
  }

  /** T3 of a payment that was set up, prepared by the connector. */
  transferOf(setup: IprReplyDto, changes: Record<string, unknown> = {}) {
    const { peers } = this;
    return {
      id: `${peers.url}/ledger/transfers/${setup.id}`,
      ledger: `${peers.url}/ledger`,
      debits: [
        {
          account: `${peers.url}/ledger/accounts/dfsp2-testconnector`,
          amount: setup.amount,
          authorized: true,
          memo: { source_transfer_amount: setup.amount },
        },
      ],
      credits: [
        { account: `${peers.url}/ledger/accounts/bob`, amount: setup.amount, memo: { ilp: setup.additionalHeaders } },
      ],
      execution_condition: setup.condition,
      expires_at: new Date(Date.now() + LIFETIME_MS).toISOString(),
      state: 'prepared',
      ...changes,
    };
  }

  /** The DFSP refuses setups. */
  refuse(status: number, id: string): void {
    this.peers.on(/^POST \/backend\/setup$/, { status, json: { id, message: 'no' } });
  }

  /** Statuses that the DFSP was told, in their order. */
  told(): string[] {
    return this.peers.callsTo(/\/payments\//).map(({ body }) => body.status);
  }

  callsOf(id: string, what: string) {
    return this.peers.callsTo(new RegExp(`/ledger/transfers/${id}/${what}$`));
  }

  /** Waits until the transfer is rejected; answers with what. */
  rejectionOf(id: string) {
    return eventually(() => {
      expect(this.callsOf(id, 'rejection')).toHaveLength(1);
      return this.callsOf(id, 'rejection')[0]!.body;
    });
  }

  /** Waits until the transfer is fulfilled; answers with what. */
  fulfilmentOf(id: string): Promise<string> {
    return eventually(() => {
      expect(this.callsOf(id, 'fulfillment')).toHaveLength(1);
      return String(this.callsOf(id, 'fulfillment')[0]!.body);
    });
  }
}
