import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeIlqp, encodeIlqp, encodePacket, type IlqpPacket, type IlqpRequest, packetToText } from '@level-one/ilp';
import { checkInvariants, LEDGER_TEXT_ROUTES, LedgerEngineModule, WithLedger } from '@level-one/ledger';
import { jsonRpcWebsockets, LedgerSubscriber, MemoryCursorStore } from '@level-one/notifications';
import { LedgerClient, PeerHttp, type WireTransfer } from '@level-one/peers';
import {
  DfspRoleSettings,
  HopRecorder,
  type HopRecord,
  RoleIdentity,
  RoleLogger,
  type RunningRole,
  settingsOf,
  startRole,
  WithDatabase,
} from '@level-one/platform';
import { CONDITION, createTestDatabase, eventually, FULFILLMENT, type TestDatabase } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { DataSource } from 'typeorm';
import { AccountType, FundsDirection } from '@level-one/transfer';
import { ilpConnectorRole } from './ilp-connector.role.js';
import { IlpConnectorSettings } from './ilp-connector.settings.js';

class LedgerSettings extends WithLedger(WithDatabase(DfspRoleSettings)) {}

/** T1, T2 and T3 of a payment stand on these. */
const LEDGERS = ['dfsp1', 'central', 'dfsp2'] as const;
type LedgerName = (typeof LEDGERS)[number];
const OVERDRAFT = '-1000000.00';

let database: TestDatabase;
let http: PeerHttp;
const recorder = new HopRecorder();
const hops: HopRecord[] = [];
const ports = {} as Record<LedgerName, number>;
const ledgers = {} as Record<LedgerName, RunningRole>;
const clients = {} as Record<LedgerName, LedgerClient>;
const connectors: Partial<Record<'dfsp1' | 'dfsp2', RunningRole>> = {};

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const baseOf = (name: LedgerName): string => `http://127.0.0.1:${ports[name]}/ledger`;

async function startLedger(name: LedgerName): Promise<void> {
  ledgers[name] = await startRole(
    {
      role: name === 'central' ? 'central-ledger' : 'dfsp-ledger',
      description: 'Test',
      settings: LedgerSettings,
      basePaths: ['ledger'],
      module: (settings) =>
        LedgerEngineModule.forRoot({
          settings,
          basePath: 'ledger',
          ...(name === 'central' && { settles: true, customerKind: AccountType.Dfsp }),
        }),
      takesText: LEDGER_TEXT_ROUTES,
      webSocketAdapter: jsonRpcWebsockets,
    },
    settingsOf(LedgerSettings, {
      port: ports[name],
      logLevel: 'silent',
      demoNetwork: true,
      dfsp: name,
      databaseUrl: database.url,
      databaseSchema: name,
      ilpPrefix: `levelone.${name}.`,
      ledgerAdminPassword: 'admin',
      tokenSecret: 'a secret of the tests',
    }),
  );
}

async function startConnector(dfsp: 'dfsp1' | 'dfsp2'): Promise<void> {
  const other = dfsp === 'dfsp1' ? 'dfsp2' : 'dfsp1';
  connectors[dfsp] = await startRole(
    ilpConnectorRole,
    settingsOf(IlpConnectorSettings, {
      port: 0,
      callers: 'spsp-client:the-client',
      publicUrl: 'http://localhost',
      logLevel: 'silent',
      demoNetwork: true,
      dfsp,
      databaseUrl: database.url,
      databaseSchema: `${dfsp}_connector`,
      ilpPrefix: `levelone.${dfsp}.`,
      centralIlpPrefix: 'levelone.ist.',
      routes: `levelone.${other}.=${other}`,
      ledgerAdapterUrl: baseOf(dfsp),
      ledgerName: `${dfsp}-testconnector`,
      ledgerPassword: 'secret',
      centralLedgerUrl: baseOf('central'),
      centralLedgerName: dfsp,
      centralLedgerPassword: 'secret',
    }),
    { hops: recorder },
  );
}

async function stopConnector(dfsp: 'dfsp1' | 'dfsp2'): Promise<void> {
  await connectors[dfsp]?.close();
  delete connectors[dfsp];
}

async function untilReady(): Promise<void> {
  await eventually(() => Promise.all(Object.values(connectors).map((connector) => connector.assertReady())), {
    timeoutMs: 60_000,
  });
}

interface Payment {
  amount?: string;
  packetAmount?: bigint;
  address?: string;
  lifetimeMs?: number;
  packet?: string;
}

/** Prepares T1 from alice to the connector of dfsp1. @returns its id. */
async function prepare(payment: Payment = {}, id = randomUUID()): Promise<string> {
  const {
    amount = '10.40',
    packetAmount = 1_040n,
    address = 'levelone.dfsp2.bob.token',
    lifetimeMs = 30_000,
  } = payment;
  const packet =
    payment.packet ?? packetToText(encodePacket({ amount: packetAmount, address, data: Buffer.from('x') }));
  await clients.dfsp1.putTransfer('P.D', id, {
    id,
    debits: [{ account: 'alice', amount, authorized: true }],
    credits: [{ account: 'dfsp1-testconnector', amount, memo: { ilp: packet } }],
    execution_condition: CONDITION,
    expires_at: new Date(Date.now() + lifetimeMs).toISOString(),
  });
  return id;
}

/** The transfer on each ledger; undefined where there is none. */
async function transfers(id: string): Promise<(WireTransfer | undefined)[]> {
  return Promise.all(LEDGERS.map((name) => clients[name].transfer(id).catch(() => undefined)));
}

async function untilStates(id: string, ...states: (string | undefined)[]): Promise<(WireTransfer | undefined)[]> {
  return eventually(
    async () => {
      const found = await transfers(id);
      expect(found.map((transfer) => transfer?.state)).toEqual(states);
      return found;
    },
    { timeoutMs: 60_000 },
  );
}

async function balance(ledger: LedgerName, account: string): Promise<string | undefined> {
  return (await clients[ledger].account(account)).balance;
}

async function balances(): Promise<Record<string, string | undefined>> {
  return {
    alice: await balance('dfsp1', 'alice'),
    connector1: await balance('dfsp1', 'dfsp1-testconnector'),
    dfsp1: await balance('central', 'dfsp1'),
    dfsp2: await balance('central', 'dfsp2'),
    connector2: await balance('dfsp2', 'dfsp2-testconnector'),
    bob: await balance('dfsp2', 'bob'),
  };
}

/** Moves money in or out until an account has so much. */
async function setBalance(ledger: LedgerName, account: string, wanted: number): Promise<void> {
  const change = Math.round((wanted - Number(await balance(ledger, account))) * 100) / 100;
  if (change === 0) return;
  await clients[ledger].moveFunds(account, {
    id: randomUUID(),
    amount: Math.abs(change).toFixed(2),
    direction: change > 0 ? FundsDirection.In : FundsDirection.Out,
    reference: 'test',
  });
}

/** Once: who changes a password ends what was begun with the old one. */
async function openAccounts(): Promise<void> {
  const own = { password: 'secret', minimum_allowed_balance: OVERDRAFT };
  await clients.dfsp1.putAccount('alice', { password: 'secret' });
  await clients.dfsp1.putAccount('dfsp1-testconnector', { ...own, accountType: AccountType.Connector });
  await clients.central.putAccount('dfsp1', { ...own, accountType: AccountType.Dfsp });
  await clients.central.putAccount('dfsp2', { ...own, accountType: AccountType.Dfsp });
  await clients.dfsp2.putAccount('dfsp2-testconnector', { ...own, accountType: AccountType.Connector });
  await clients.dfsp2.putAccount('bob', {});
  await clients.dfsp2.putAccount('house', { accountType: AccountType.Fee });
}

/** Every account set back to where the demo begins. */
async function resetBalances(): Promise<void> {
  await clients.central.putAccount('dfsp1', { minimum_allowed_balance: OVERDRAFT });
  await clients.dfsp2.putAccount('bob', { is_disabled: false });
  await setBalance('dfsp1', 'alice', 100);
  await setBalance('dfsp1', 'dfsp1-testconnector', 0);
  await setBalance('central', 'dfsp1', 0);
  await setBalance('central', 'dfsp2', 0);
  await setBalance('dfsp2', 'dfsp2-testconnector', 0);
  await setBalance('dfsp2', 'bob', 0);
}

const UNTOUCHED = {
  alice: '100.00',
  connector1: '0.00',
  dfsp1: '0.00',
  dfsp2: '0.00',
  connector2: '0.00',
  bob: '0.00',
};
const PAID = {
  alice: '89.60',
  connector1: '10.40',
  dfsp1: '-10.40',
  dfsp2: '10.40',
  connector2: '-10.40',
  bob: '10.40',
};

beforeAll(async () => {
  database = await createTestDatabase();
  http = new PeerHttp(new RoleIdentity('spsp-client', 'dfsp1'), new HopRecorder());
  recorder.records$.subscribe((record) => void hops.push(record));
  for (const name of LEDGERS) {
    ports[name] = await freePort();
    await startLedger(name);
    const role = name === 'central' ? 'central-ledger' : 'dfsp-ledger';
    clients[name] = new LedgerClient(http, { role, baseUrl: baseOf(name), name: 'admin', password: 'admin' });
  }
  await openAccounts();
});

beforeEach(async () => {
  await resetBalances();
  if (!connectors.dfsp1) await startConnector('dfsp1');
  if (!connectors.dfsp2) await startConnector('dfsp2');
  await untilReady();
});

afterEach(async () => {
  for (const name of LEDGERS) {
    const violations = await checkInvariants(ledgers[name].app.get(DataSource, { strict: false }));
    if (violations.length > 0) throw new Error(`Invariants of ${name} do not hold: ${JSON.stringify(violations)}`);
  }
});

afterAll(async () => {
  await stopConnector('dfsp1');
  await stopConnector('dfsp2');
  await Promise.all(Object.values(ledgers).map((ledger) => ledger.close()));
  await http.onApplicationShutdown();
  await database.drop();
});

describe('two connectors', () => {
  it('carry a hold to the payee and its fulfilment back', async () => {
    const id = await prepare();
    const [t1, t2, t3] = await untilStates(id, 'prepared', 'prepared', 'prepared');
    expect(t2).toMatchObject({
      debits: [
        {
          account: `${baseOf('central')}/accounts/dfsp1`,
          memo: { source_transfer_ledger: 'levelone.dfsp1.', source_transfer_id: id, source_transfer_amount: '10.40' },
        },
      ],
      credits: [{ account: `${baseOf('central')}/accounts/dfsp2`, memo: t1!.credits[0]!.memo }],
      execution_condition: CONDITION,
    });
    expect(t3).toMatchObject({
      debits: [{ memo: { source_transfer_ledger: 'levelone.ist.', source_transfer_id: id } }],
      credits: [{ account: `${baseOf('dfsp2')}/accounts/bob`, amount: '10.40', memo: t1!.credits[0]!.memo }],
    });
    const [first, second, third] = [t1, t2, t3].map((transfer) => Date.parse(transfer!.expires_at!));
    expect([first! - second!, second! - third!]).toEqual([1_000, 1_000]);

    await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
    await untilStates(id, 'executed', 'executed', 'executed');
    expect(await balances()).toEqual(PAID);
    for (const name of LEDGERS) expect(await clients[name].fulfillment(id)).toBe(FULFILLMENT);
    await eventually(() => expect(hops.some((hop) => hop.traceId === id && hop.hop === 'V.H')).toBe(true));
    const seen = hops.filter((hop) => hop.traceId === id && !hop.hop.startsWith('support-')).map((hop) => hop.hop);
    expect(seen.toSorted()).toEqual(
      ['P.F', 'P.G1', 'P.G2', 'P.G2', 'P.H', 'P.J', 'V.C', 'V.D', 'V.E', 'V.E', 'V.F', 'V.H'].toSorted(),
    );
  });

  it("carry the payee's rejection back as it is (N45)", async () => {
    const id = await prepare();
    await untilStates(id, 'prepared', 'prepared', 'prepared');
    const reason = {
      code: 'F99',
      name: 'Application Error',
      message: 'Invoice is not in pending status',
      triggered_by: 'levelone.dfsp2.bob',
      additional_info: { id: 'InvoiceNotPendingError' },
    };
    await clients.dfsp2.reject('R1', id, reason);
    const rejected = await untilStates(id, 'rejected', 'rejected', 'rejected');
    expect(rejected.map((transfer) => transfer?.credits[0]?.rejection_message)).toEqual([reason, reason, reason]);
    expect(await balances()).toEqual(UNTOUCHED);
  });

  it.each([
    ['less than the packet promises', { packetAmount: 1_041n }, 'F03', 'UnacceptableRateError'],
    ['no readable packet', { packet: 'AAAA' }, 'F01', 'InvalidPacketError'],
    ['an address nobody has a route to', { address: 'levelone.dfsp3.erin' }, 'F02', 'AssetsNotTradedError'],
    ['an expiry that is too near', { lifetimeMs: 900 }, 'R02', 'UnacceptableExpiryError'],
    ['an expiry that is too far', { lifetimeMs: 120_000 }, 'F00', 'UnacceptableExpiryError'],
  ])('reject T1 at once for %s', async (_, payment, code, errorId) => {
    const id = await prepare(payment);
    const [t1] = await untilStates(id, 'rejected', undefined, undefined);
    expect(t1?.credits[0]?.rejection_message).toMatchObject({
      code,
      triggered_by: 'levelone.dfsp1.dfsp1-testconnector',
      additional_info: { id: errorId },
    });
    expect(await balances()).toEqual(UNTOUCHED);
  });

  it('reject T1 when the centre refuses T2 (N47)', async () => {
    await clients.central.putAccount('dfsp1', { minimum_allowed_balance: '0.00' });
    const id = await prepare();
    const [t1] = await untilStates(id, 'rejected', undefined, undefined);
    expect(t1?.credits[0]?.rejection_message).toMatchObject({
      code: 'T04',
      message: 'destination transfer failed: Sender has insufficient funds.',
      additional_info: { id: 'InsufficientFundsError' },
    });
    expect(await balances()).toEqual(UNTOUCHED);
  });

  it('reject T2 and T1 when the ledger of the payee refuses T3 (N46)', async () => {
    await clients.dfsp2.putAccount('bob', { is_disabled: true });
    const id = await prepare();
    const [t1, t2] = await untilStates(id, 'rejected', 'rejected', undefined);
    expect(t1?.rejection_reason).toMatch(/^destination transfer failed: /);
    expect(t1?.credits[0]?.rejection_message).toEqual(t2?.credits[0]?.rejection_message);
    expect(await balances()).toEqual(UNTOUCHED);
  });

  it('let each ledger expire its own transfer, the last one first (N48)', async () => {
    const id = await prepare({ lifetimeMs: 6_000 });
    const [t1, t2, t3] = await untilStates(id, 'rejected', 'rejected', 'rejected');
    expect([t1, t2, t3].map((transfer) => transfer?.rejection_reason)).toEqual(['expired', 'expired', 'expired']);
    const expiries = [t3, t2, t1].map((transfer) => Date.parse(transfer!.expires_at!));
    expect(expiries[1]! - expiries[0]!).toBeGreaterThanOrEqual(1_000);
    expect(expiries[2]! - expiries[1]!).toBeGreaterThanOrEqual(1_000);
    // Each ledger looks at its own clock: how soon after its time it sees an expiry depends on the machine.
    for (const [index, transfer] of [t3, t2, t1].entries()) {
      expect(Date.parse(transfer!.timeline!['rejected_at']!)).toBeGreaterThanOrEqual(expiries[index]!);
    }
    expect(await balances()).toEqual(UNTOUCHED);
  });

  it('make no second transfer and no second payment when told everything again (N51)', async () => {
    await clients.central.putAccount('dfsp1', { minimum_allowed_balance: '0.00' });
    const refused = await prepare();
    await untilStates(refused, 'rejected', undefined, undefined);
    await clients.central.putAccount('dfsp1', { minimum_allowed_balance: OVERDRAFT });
    const paid = await prepare();
    await untilStates(paid, 'prepared', 'prepared', 'prepared');
    await clients.dfsp2.fulfil('V.A', paid, FULFILLMENT);
    await untilStates(paid, 'executed', 'executed', 'executed');
    await stopConnector('dfsp1');
    await stopConnector('dfsp2');
    const memory = new DataSource({ type: 'postgres', url: database.url });
    await memory.initialize();
    for (const dfsp of ['dfsp1', 'dfsp2']) await memory.query(`DELETE FROM ${dfsp}_connector.subscription_cursors`);
    await memory.destroy();
    await startConnector('dfsp1');
    await startConnector('dfsp2');
    const another = await prepare();
    await untilStates(another, 'prepared', 'prepared', 'prepared');
    await clients.dfsp2.fulfil('V.A', another, FULFILLMENT);
    await untilStates(another, 'executed', 'executed', 'executed');
    await untilStates(paid, 'executed', 'executed', 'executed');
    await untilStates(refused, 'rejected', undefined, undefined);
    expect(await balances()).toMatchObject({ alice: '79.20', bob: '20.80', dfsp1: '-20.80' });
  });
});

/** Asks a connector for a quote in the binary form, as `name` of a ledger. */
async function askBinary(ledger: LedgerName, name: string, to: string, request: IlqpPacket): Promise<IlqpPacket> {
  const role = ledger === 'central' ? 'central-ledger' : 'dfsp-ledger';
  const client = new LedgerClient(http, { role, baseUrl: baseOf(ledger), name, password: 'secret' });
  const answers = new Map<string, string>();
  const subscriber = new LedgerSubscriber({
    name: 'asker',
    ...client.websocket,
    accounts: [client.accountUri(name)],
    cursor: new MemoryCursorStore(),
    handle: async ({ resource }) => {
      const { id, ilp } = resource['data'] as { id: string; ilp: string };
      answers.set(id, ilp);
    },
    logger: RoleLogger.create({ role: 'test', dfsp: null }, 'silent'),
  });
  subscriber.start();
  await subscriber.ready();
  const id = randomUUID();
  await client.sendMessage(to, { id, ilp: encodeIlqp(request).toString('base64') });
  const answer = await eventually(() => {
    expect(answers.has(id)).toBe(true);
    return decodeIlqp(Buffer.from(answers.get(id)!, 'base64'));
  });
  await subscriber.close();
  return answer;
}

describe('questions in the binary form', () => {
  const destination = 'levelone.dfsp2.bob';
  const destinationHoldMs = 10_000;
  const most = 100_000_000n;
  const straight = [
    { source: 0n, destination: 0n },
    { source: most, destination: most },
  ];

  beforeEach(async () => {
    // Quotes of the other connector's are asked for here: this account answers for it.
    if (connectors.dfsp1) await stopConnector('dfsp1');
  });

  it.each<[IlqpRequest, Partial<IlqpPacket>]>([
    [
      { type: 'bySourceRequest', destination, destinationHoldMs, sourceAmount: 1_040n },
      { type: 'bySourceResponse', destinationAmount: 1_040n, sourceHoldMs: 11_000 },
    ],
    [
      { type: 'byDestinationRequest', destination, destinationHoldMs, destinationAmount: 1_040n },
      { type: 'byDestinationResponse', sourceAmount: 1_040n, sourceHoldMs: 11_000 },
    ],
    [
      { type: 'liquidityRequest', destination, destinationHoldMs },
      { type: 'liquidityResponse', prefix: 'levelone.dfsp2.', curve: straight, sourceHoldMs: 11_000 },
    ],
    [
      { type: 'bySourceRequest', destination, destinationHoldMs, sourceAmount: most + 1n },
      { type: 'error', code: 'F03' },
    ],
    [
      { type: 'byDestinationRequest', destination, destinationHoldMs, destinationAmount: 0n },
      { type: 'error', code: 'F03' },
    ],
    [
      { type: 'liquidityRequest', destination, destinationHoldMs: 61_000 },
      { type: 'error', code: 'F00' },
    ],
    [
      { type: 'bySourceRequest', destination: 'levelone.dfsp9.bob', destinationHoldMs, sourceAmount: 1n },
      { type: 'error', code: 'F02', name: 'Unreachable' },
    ],
  ])('F3: %o is answered at the own ledger and at the centre', async (request, answer) => {
    expect(await askBinary('central', 'dfsp1', 'dfsp2', request)).toMatchObject(answer);
    await startConnector('dfsp1');
    await untilReady();
    expect(await askBinary('dfsp1', 'alice', 'dfsp1-testconnector', request)).toMatchObject(answer);
  });

  it.each(['dfsp2-testconnector', 'house', 'nobody'])('A3: offers nothing for %s', async (name) => {
    const request = { destination: `levelone.dfsp2.${name}.token`, destinationHoldMs } as const;
    for (const question of [
      { type: 'liquidityRequest', ...request },
      { type: 'bySourceRequest', ...request, sourceAmount: 1n },
      { type: 'byDestinationRequest', ...request, destinationAmount: 1n },
    ] as const) {
      expect(await askBinary('central', 'dfsp1', 'dfsp2', question)).toMatchObject({ type: 'error', code: 'F02' });
    }
  });
});

describe('addresses that are no customer', () => {
  it.each(['dfsp2-testconnector', 'dfsp2-testconnector.token', 'house', 'nobody.x'])(
    'A3: nothing is delivered to %s, and the books of the connectors stay equal',
    async (name) => {
      const id = await prepare({ address: `levelone.dfsp2.${name}` });
      const [t1] = await untilStates(id, 'rejected', 'rejected', undefined);
      expect(t1?.credits[0]?.rejection_message).toMatchObject({ code: 'F02' });
      expect(await balances()).toEqual(UNTOUCHED);
    },
  );

  it.each(['levelone.dfsp1.alice', 'levelone.dfsp1.dfsp1-testconnector', 'levelone.ist.dfsp2'])(
    'A3: %s of another ledger is refused before anything goes on',
    async (address) => {
      const id = await prepare({ address });
      const [t1] = await untilStates(id, 'rejected', undefined, undefined);
      expect(t1?.credits[0]?.rejection_message).toMatchObject({ code: 'F02' });
      expect(await balances()).toEqual(UNTOUCHED);
    },
  );

  it('F2: more than the packet says arrives as it is, for the payee to refuse', async () => {
    const id = await prepare({ amount: '10.41' });
    const [, , t3] = await untilStates(id, 'prepared', 'prepared', 'prepared');
    expect(t3?.credits[0]?.amount).toBe('10.41');
    await clients.dfsp2.reject('R1', id, { code: 'F03', message: 'The amount is not the one that was set up' });
    await untilStates(id, 'rejected', 'rejected', 'rejected');
    expect(await balances()).toEqual(UNTOUCHED);
  });
});

describe('a connector that was away', () => {
  it('forwards what was prepared meanwhile (N53)', async () => {
    await stopConnector('dfsp1');
    const id = await prepare();
    await stopConnector('dfsp2');
    await startConnector('dfsp1');
    await untilStates(id, 'prepared', 'prepared', undefined);
    await startConnector('dfsp2');
    await untilStates(id, 'prepared', 'prepared', 'prepared');
    await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
    await untilStates(id, 'executed', 'executed', 'executed');
    expect(await balances()).toEqual(PAID);
  });

  it('claims what was executed meanwhile', async () => {
    const id = await prepare();
    await untilStates(id, 'prepared', 'prepared', 'prepared');
    await stopConnector('dfsp1');
    await stopConnector('dfsp2');
    await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
    await untilStates(id, 'prepared', 'prepared', 'executed');
    await startConnector('dfsp2');
    await startConnector('dfsp1');
    await untilStates(id, 'executed', 'executed', 'executed');
    expect(await balances()).toEqual(PAID);
  });
});

describe('a ledger that was away', () => {
  it('does not hinder a payment that can still be made', async () => {
    await ledgers.central.close();
    const id = await prepare();
    await startLedger('central');
    await untilStates(id, 'prepared', 'prepared', 'prepared');
    await ledgers.central.close();
    await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
    await startLedger('central');
    await untilStates(id, 'executed', 'executed', 'executed');
    expect(await balances()).toEqual(PAID);
  });
});
