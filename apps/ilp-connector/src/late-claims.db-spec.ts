import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LedgerClient, PeerHttp } from '@level-one/peers';
import { basicAuthorization, HopRecorder, RoleIdentity } from '@level-one/platform';
import { Right, AccountType } from '@level-one/transfer';
import { eventually, FULFILLMENT } from '@level-one/testing';
import { DataSource } from 'typeorm';
import {
  balances,
  baseOf,
  clients,
  connectors,
  database,
  ledgers,
  prepare,
  startConnector,
  startLedger,
  stopConnector,
  untilStates,
  useConnectors,
} from './ilp-connector.fixture.js';

useConnectors();

/** Long enough to stop a connector before T3 expires, also on a busy machine. */
const SOON_LATE_MS = 20_000;
const LONG = { timeoutMs: 60_000 };

let memory: DataSource;
let peers: PeerHttp;

beforeEach(async () => {
  memory = new DataSource({ type: 'postgres', url: database.url });
  await memory.initialize();
  peers = new PeerHttp(new RoleIdentity('ilp-connector', 'dfsp1'), new HopRecorder());
  await clients.dfsp1.putAccount('second', {
    rights: [Right.Admin],
    accountType: AccountType.Role,
    password: 'second',
  });
});

afterEach(async () => {
  await clients.dfsp1.putAccount('dfsp1-testconnector', { grace_s: 600 });
  await memory.query('DELETE FROM dfsp1_connector.lost_claims');
  await peers.onApplicationShutdown();
  await memory.destroy();
});

/** Payments whose T1 lapsed while their connector was away, although T2 was executed. @returns their ids */
async function losePayments(count: number): Promise<string[]> {
  await clients.dfsp1.putAccount('dfsp1-testconnector', { grace_s: 0 });
  const ids = await Promise.all(Array.from({ length: count }, () => prepare({ lifetimeMs: SOON_LATE_MS })));
  for (const id of ids) await untilStates(id, 'prepared', 'prepared', 'prepared');
  await stopConnector('dfsp1');
  for (const id of ids) await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
  for (const id of ids) await untilStates(id, 'rejected', 'executed', 'executed');
  return ids;
}

async function decide(id: string, decision: 'approval' | 'refusal', name: string, json?: object): Promise<void> {
  const answer = await peers.request('support-ledger', {
    baseUrl: baseOf('dfsp1'),
    path: `/transfers/${id}/claims/${decision}`,
    method: 'PUT',
    authorization: basicAuthorization(name, name),
    to: 'dfsp-ledger',
    ...(json && { json }),
  });
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
}

async function untilClaim(id: string, row: object): Promise<void> {
  await eventually(async () => {
    const [claim] = await memory.query('SELECT * FROM dfsp1_connector.lost_claims WHERE transfer_id = $1', [id]);
    expect(claim).toMatchObject(row);
  }, LONG);
}

/** What the connector tells its operators. */
async function openAt(path: string): Promise<unknown> {
  const headers = { authorization: basicAuthorization('operator', 'secret') };
  const answer = await connectors.dfsp1!.app.inject({ url: path, headers });
  expect(answer.statusCode).toBe(200);
  return answer.json();
}

const claimAtLedger = (id: string): Promise<unknown> =>
  new LedgerClient(peers, {
    role: 'dfsp-ledger',
    baseUrl: baseOf('dfsp1'),
    name: 'dfsp1-testconnector',
    password: 'secret',
  }).readClaim(id);

describe('ruling 39: a connector that paid and whose own transfer lapsed', () => {
  it('files each claim once, with the statement of the next ledger, and is told how it ends', async () => {
    const [approved, refused, automatic] = (await losePayments(3)) as [string, string, string];
    await memory.query(
      `INSERT INTO dfsp1.downtimes (began_at, ended_at, extended)
       SELECT expires_at - interval '10 s', expires_at, 0 FROM dfsp1.transfers WHERE id = $1`,
      [automatic],
    );
    await memory.query(`UPDATE dfsp1.transfers SET prepared_at = prepared_at - interval '1 hour' WHERE id <> $1`, [
      automatic,
    ]);
    await startConnector('dfsp1');
    // Its ledger's own record shows that it was down.
    await untilClaim(automatic, { state: 'booked', ended_at: expect.any(Date), next_attempt_at: null });
    for (const id of [approved, refused]) {
      await untilClaim(id, { ledger: 'own', amount: '10.40', state: 'waiting', ended_at: null });
      expect(await claimAtLedger(id)).toMatchObject({ state: 'waiting', amount: '10.40', automatic: false });
    }
    const { entries } = (await openAt('/open/claim')) as { entries: { id: string }[] };
    expect(entries.map(({ id }) => id).toSorted()).toEqual([approved, refused].toSorted());
    expect(entries[0]).toMatchObject({ kind: 'claim', state: 'filed', overdue: false, due: null });
    await eventually(async () => {
      const { payload } = await connectors.dfsp1!.app.inject({ url: '/health' });
      expect(payload).toContain('late claims at the own ledger, waiting for two administrators: 2, 20.80 in all');
    }, LONG);

    // All events again, as after a restore.
    await stopConnector('dfsp1');
    await memory.query('DELETE FROM dfsp1_connector.subscription_cursors');
    await startConnector('dfsp1');
    await decide(approved, 'approval', 'admin');
    await decide(approved, 'approval', 'second');
    await decide(refused, 'refusal', 'admin', { reason: 'paid otherwise' });
    await untilClaim(approved, { state: 'booked', ended_at: expect.any(Date), next_attempt_at: null });
    await untilClaim(refused, { state: 'refused', reason: 'paid otherwise', next_attempt_at: null });
    expect(await openAt('/open/claim')).toEqual({ entries: [], next: null });
    // The payer has every amount back; the connector has two of three from the account for claims.
    expect(await balances()).toEqual({
      alice: '100.00',
      connector1: '20.80',
      dfsp1: '-31.20',
      dfsp2: '31.20',
      connector2: '-31.20',
      bob: '31.20',
    });
  });

  it('tries until the ledger can take the claim', async () => {
    await ledgers.dfsp1.close();
    await startLedger('dfsp1', { claimLedgerKeys: undefined as never });
    const [id] = (await losePayments(1)) as [string];
    await startConnector('dfsp1');
    await untilClaim(id, { state: 'lost', reason: expect.stringContaining('CLAIM_LEDGER_KEYS') });
    expect(await openAt('/open/claim')).toMatchObject({ entries: [{ state: 'lost', id, due: expect.any(String) }] });
    await ledgers.dfsp1.close();
    await startLedger('dfsp1');
    await untilClaim(id, { state: 'waiting', reason: null });
  });
});

describe('sources that are late', () => {
  it('are listed for operators, with the end of their grace', async () => {
    const id = await prepare({ lifetimeMs: SOON_LATE_MS });
    await untilStates(id, 'prepared', 'prepared', 'prepared');
    await stopConnector('dfsp2');
    await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
    await eventually(
      async () =>
        expect(await openAt('/open/late-source')).toMatchObject({
          entries: [{ kind: 'late-source', id, overdue: false, due: expect.any(String) }],
        }),
      LONG,
    );
    await startConnector('dfsp2');
    await untilStates(id, 'executed', 'executed', 'executed');
    await eventually(async () => expect(await openAt('/open/late-source')).toMatchObject({ entries: [] }), LONG);
  });
});
