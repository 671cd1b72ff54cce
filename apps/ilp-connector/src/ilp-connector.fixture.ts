import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { encodePacket, packetToText } from '@level-one/ilp';
import { checkInvariants, LEDGER_TEXT_ROUTES, LedgerEngineModule, signingKeyOf, WithLedger } from '@level-one/ledger';
import { jsonRpcWebsockets } from '@level-one/notifications';
import { LedgerClient, PeerHttp, type WireTransfer } from '@level-one/peers';
import {
  DfspRoleSettings,
  HopRecorder,
  type HopRecord,
  RoleIdentity,
  type RunningRole,
  settingsOf,
  startRole,
  WithDatabase,
} from '@level-one/platform';
import { CONDITION, createTestDatabase, eventually, freePort, type TestDatabase } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { AccountType, FundsDirection } from '@level-one/transfer';
import { ilpConnectorRole } from './ilp-connector.role.js';
import { IlpConnectorSettings } from './ilp-connector.settings.js';

class LedgerSettings extends WithLedger(WithDatabase(DfspRoleSettings)) {}

/** T1, T2 and T3 of a payment stand on these. */
export const LEDGERS = ['dfsp1', 'central', 'dfsp2'] as const;

export type LedgerName = (typeof LEDGERS)[number];

/** Time between two polls of a connector for late transfers. */
const LATE_POLL_MS = 200;

export const OVERDRAFT = '-1000000.00';

export let database: TestDatabase;

export let http: PeerHttp;

const recorder = new HopRecorder();

export const hops: HopRecord[] = [];

const ports = {} as Record<LedgerName, number>;

export const ledgers = {} as Record<LedgerName, RunningRole>;

export const clients = {} as Record<LedgerName, LedgerClient>;

export const connectors: Partial<Record<'dfsp1' | 'dfsp2', RunningRole>> = {};

export const baseOf = (name: LedgerName): string => `http://127.0.0.1:${ports[name]}/ledger`;

const TOKEN_SECRET = 'a secret of the tests';

/** All three ledgers have the same secret, and so the same key. */
export const CLAIM_KEYS = ['dfsp1-testconnector', 'dfsp2-testconnector', 'dfsp1', 'dfsp2']
  .map((account) => `${account}=${signingKeyOf({ tokenSecret: TOKEN_SECRET }).publicKey}`)
  .join(',');

export async function startLedger(name: LedgerName, changes: Partial<LedgerSettings> = {}): Promise<void> {
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
      tokenSecret: TOKEN_SECRET,
      claimAccount: 'claims',
      claimLedgerKeys: CLAIM_KEYS,
      ...changes,
    }),
  );
}

export async function startConnector(
  dfsp: 'dfsp1' | 'dfsp2',
  changes: Partial<IlpConnectorSettings> = {},
): Promise<void> {
  connectors[dfsp] = await startInstance(dfsp, changes);
}

/** Starts an instance of a connector, which its caller closes. */
export function startInstance(
  dfsp: 'dfsp1' | 'dfsp2',
  changes: Partial<IlpConnectorSettings> = {},
): Promise<RunningRole> {
  const other = dfsp === 'dfsp1' ? 'dfsp2' : 'dfsp1';
  return startRole(
    ilpConnectorRole,
    settingsOf(IlpConnectorSettings, {
      port: 0,
      callers: 'spsp-client:the-client',
      operatorCredentials: 'operator:secret',
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
      latePollMs: LATE_POLL_MS,
      claimPollS: 1,
      ...changes,
    }),
    { hops: recorder },
  );
}

export async function stopConnector(dfsp: 'dfsp1' | 'dfsp2'): Promise<void> {
  await connectors[dfsp]?.close();
  delete connectors[dfsp];
}

export async function untilReady(): Promise<void> {
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
export async function prepare(payment: Payment = {}, id = randomUUID()): Promise<string> {
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

export async function untilStates(
  id: string,
  ...states: (string | undefined)[]
): Promise<(WireTransfer | undefined)[]> {
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

export async function balances(): Promise<Record<string, string | undefined>> {
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
  for (const name of LEDGERS)
    await clients[name].putAccount('claims', {
      accountType: AccountType.Settlement,
      minimum_allowed_balance: OVERDRAFT,
    });
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

export const UNTOUCHED = {
  alice: '100.00',
  connector1: '0.00',
  dfsp1: '0.00',
  dfsp2: '0.00',
  connector2: '0.00',
  bob: '0.00',
};

export const PAID = {
  alice: '89.60',
  connector1: '10.40',
  dfsp1: '-10.40',
  dfsp2: '10.40',
  connector2: '-10.40',
  bob: '10.40',
};

/** Starts three ledgers with their accounts, and two connectors; before each test balances are as in the demo. */
export function useConnectors(): void {
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
}
