import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LedgerClient, type WireTransfer } from '@level-one/peers';
import { eventually, FULFILLMENT } from '@level-one/testing';
import { DataSource } from 'typeorm';
import {
  balances,
  baseOf,
  clients,
  database,
  http,
  LEDGERS,
  ledgers,
  OVERDRAFT,
  PAID,
  prepare,
  startConnector,
  startInstance,
  startLedger,
  stopConnector,
  UNTOUCHED,
  untilStates,
  useConnectors,
} from './ilp-connector.fixture.js';

useConnectors();

let memory: DataSource;
let onTestEnd: (() => Promise<void>) | undefined;

beforeEach(async () => {
  memory = new DataSource({ type: 'postgres', url: database.url });
  await memory.initialize();
});

afterEach(async () => {
  await onTestEnd?.();
  onTestEnd = undefined;
  await clients.dfsp1.putAccount('dfsp1-testconnector', { grace_s: 600 });
  await clients.central.putAccount('dfsp1', { minimum_allowed_balance: OVERDRAFT });
  await memory.destroy();
});

/** Long enough to stop connectors before T3 expires, also on a busy machine. */
const SOON_LATE_MS = 20_000;
/** For what is not executed. */
const SOONER_LATE_MS = 4_000;

async function untilLate(id: string): Promise<void> {
  const { expires_at: expiresAt } = await clients.dfsp1.transfer(id);
  await eventually(() => expect(Date.now()).toBeGreaterThan(Date.parse(expiresAt!) + 100), {
    timeoutMs: 60_000,
    intervalMs: 50,
  });
}

/** As if a connector had handled all events: what it does then, it does by the lists of late transfers. */
async function skipEvents(dfsp: 'dfsp1' | 'dfsp2'): Promise<void> {
  for (const [name, ledger] of [
    ['own-ledger', dfsp],
    ['central-ledger', 'central'],
  ]) {
    await memory.query(
      `UPDATE ${dfsp}_connector.subscription_cursors
       SET sequence = (SELECT last_sequence FROM ${ledger}.ledger_head) WHERE name = $1`,
      [name],
    );
  }
}

describe('a source that is late', () => {
  it('is claimed if the transfer behind it was executed, on both ledgers, without any event', async () => {
    const id = await prepare({ lifetimeMs: SOON_LATE_MS });
    await untilStates(id, 'prepared', 'prepared', 'prepared');
    await stopConnector('dfsp1');
    await stopConnector('dfsp2');
    await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
    await untilLate(id);
    for (const dfsp of ['dfsp1', 'dfsp2'] as const) {
      await skipEvents(dfsp);
      await startConnector(dfsp);
    }
    await untilStates(id, 'executed', 'executed', 'executed');
    expect(await balances()).toEqual(PAID);
  });

  it('is rejected if nothing is behind it, and nothing can be any more', async () => {
    await stopConnector('dfsp1');
    const id = await prepare({ lifetimeMs: SOONER_LATE_MS });
    await untilLate(id);
    await skipEvents('dfsp1');
    await startConnector('dfsp1');
    const [t1] = await untilStates(id, 'rejected', undefined, undefined);
    expect(t1).toMatchObject({ rejection_reason: 'expired' });
    expect(await ownRequest(id)).toMatchObject({ id: 'ExpiredTransferError' });
    expect(await balances()).toEqual(UNTOUCHED);
  });

  it('is kept open while the next ledger is away, for longer than its grace, and claimed when that is back', async () => {
    await clients.dfsp1.putAccount('dfsp1-testconnector', { grace_s: 3 });
    const id = await prepare({ lifetimeMs: SOON_LATE_MS });
    await untilStates(id, 'prepared', 'prepared', 'prepared');
    await stopConnector('dfsp2');
    await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
    await ledgers.central.close();
    await untilLate(id);
    const { expires_at: expiresAt } = await clients.dfsp1.grace(id);
    await eventually(
      async () => {
        const { open_until: until } = await clients.dfsp1.grace(id);
        expect(Date.parse(until)).toBeGreaterThan(Date.parse(expiresAt) + 330_000);
      },
      { timeoutMs: 60_000 },
    );
    await eventually(() => expect(Date.now()).toBeGreaterThan(Date.parse(expiresAt) + 4_000), { timeoutMs: 60_000 });
    await startLedger('central');
    await startConnector('dfsp2');
    await untilStates(id, 'executed', 'executed', 'executed');
    expect(await balances()).toEqual(PAID);
  });

  it('is kept open for 30 s longer than the transfer behind it', async () => {
    await clients.dfsp1.putAccount('dfsp1-testconnector', { grace_s: 3 });
    const id = await prepare({ lifetimeMs: SOON_LATE_MS });
    await untilStates(id, 'prepared', 'prepared', 'prepared');
    await stopConnector('dfsp2');
    await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
    await untilLate(id);
    await eventually(
      async () => {
        const [t1, t2] = await Promise.all([clients.dfsp1.grace(id), clients.central.grace(id)]);
        expect(Date.parse(t1.open_until)).toBeGreaterThanOrEqual(Date.parse(t2.open_until) + 30_000);
      },
      { timeoutMs: 60_000 },
    );
    await startConnector('dfsp2');
    await untilStates(id, 'executed', 'executed', 'executed');
    expect(await balances()).toEqual(PAID);
  });
});

/** The transfer that the connector of dfsp1 makes of a source. @returns the refusal of the centre, or the transfer. */
async function ownRequest(id: string): Promise<unknown> {
  const t1 = await clients.dfsp1.transfer(id);
  const request: WireTransfer = {
    id: clients.central.transferUri(id),
    ledger: baseOf('central'),
    debits: [{ account: `${baseOf('central')}/accounts/dfsp1`, amount: '10.40', authorized: true }],
    credits: [{ account: `${baseOf('central')}/accounts/dfsp2`, amount: '10.40', memo: t1.credits[0]!.memo! }],
    execution_condition: t1.execution_condition!,
    expires_at: new Date(Date.now() + 20_000).toISOString(),
  };
  const dfsp1 = { role: 'central-ledger', baseUrl: baseOf('central'), name: 'dfsp1', password: 'secret' } as const;
  return new LedgerClient(http, dfsp1).putTransfer('P.G1', id, request).catch((error: unknown) => error);
}

describe('a source is not rejected while the connector may still pay', () => {
  it('a request of its own that comes late is refused', async () => {
    await clients.central.putAccount('dfsp1', { minimum_allowed_balance: '0.00' });
    const id = await prepare();
    await untilStates(id, 'rejected', undefined, undefined);
    await clients.central.putAccount('dfsp1', { minimum_allowed_balance: OVERDRAFT });
    expect(await ownRequest(id)).toMatchObject({ id: 'ExpiredTransferError' });
    expect(await balances()).toEqual(UNTOUCHED);
  });

  it('two instances, of which one is refused for funds, decide the same', async () => {
    const other = await startInstance('dfsp1');
    onTestEnd = () => other.close();
    await eventually(() => other.assertReady(), { timeoutMs: 60_000 });
    const ids: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      const floor = round % 2 === 0 ? '0.00' : OVERDRAFT;
      const [id] = await Promise.all([
        prepare({ amount: '1.00', packetAmount: 100n }),
        // Refused while something is held.
        clients.central.putAccount('dfsp1', { minimum_allowed_balance: floor }).catch(() => undefined),
      ]);
      ids.push(id);
    }
    await eventually(
      async () => {
        for (const id of ids) {
          const [t1, t2] = await Promise.all(LEDGERS.map((name) => clients[name].transfer(id).catch(() => undefined)));
          expect([id, t1?.state, t2?.state]).toEqual([id, t2 ? 'prepared' : 'rejected', t2 ? 'prepared' : undefined]);
        }
      },
      { timeoutMs: 60_000 },
    );
    for (const id of ids) await clients.dfsp2.reject('R1', id, { message: 'no' }).catch(() => undefined);
    await eventually(async () => expect(await balances()).toEqual(UNTOUCHED), { timeoutMs: 60_000 });
  });
});
