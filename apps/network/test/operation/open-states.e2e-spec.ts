import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenCountDto, type OpenPageDto, type OpenSummaryDto } from '@level-one/platform';
import { CONDITION, eventually } from '@level-one/testing';
import { OpenStates } from '@level-one/work';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { ROLE_DEFINITIONS } from '../../src/definitions.js';
import type { InstancePlan } from '../../src/plan/topology.js';
import { ALICE, notifiedInvoice, pending } from '../support/people.js';
import { channelQuote } from '../support/quoting.js';
import { type Answer, TestNetwork } from '../support/test-network.js';

const LATEST_MS = 240_000;
const LIFETIME_S = 4;
/** Statuses that a row keeps, in every table. */
const FINAL = new Set(
  'executed rejected expired failed cancelled used confirmed released delivered givenUp withdrawn done paid refused'.split(
    ' ',
  ),
);
/** An issued payment is forgotten an hour after its expiry. The example's invoice has no expiry. */
function stays(kind: string, state: string): boolean {
  return (kind === 'issued-payment' && state === 'issued') || (kind === 'invoice' && state === 'pending');
}

/** Where a part of a payment is what others wait for, its kind has the same states. */
const KIND_OF_TABLE: Record<string, string> = {
  bulk_payment_rows: 'bulk-payment-row',
};

interface StatusCheck {
  table: string;
  text: string;
}

describe('Open states', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({
      SETUP_LIFETIME_S: String(LIFETIME_S),
      QUOTE_LIFETIME_S: String(LIFETIME_S),
      PAYMENT_GRACE_S: '0',
      LATE_GRACE_S: '2',
      SWEEP_INTERVAL_MS: '100',
    });
  });

  afterAll(() => network.close());

  const withOpenStates = (): InstancePlan[] =>
    network.running.plan.instances.filter(({ role }) => ROLE_DEFINITIONS[role].openStates !== undefined);

  const base = ({ role }: InstancePlan): string => {
    const [path = ''] = ROLE_DEFINITIONS[role].basePaths;
    return path === '' ? '' : `/${path}`;
  };

  function askOpen<T>(instance: InstancePlan, path = '', auth: string | null = 'admin:admin'): Promise<Answer<T>> {
    return network.ask<T>(instance.role, instance.dfsp, `GET ${base(instance)}/open${path}`, { auth });
  }

  async function openOf(instance: InstancePlan): Promise<OpenCountDto[]> {
    const answer = await askOpen<OpenSummaryDto>(instance);
    expect([answer.status, answer.text]).toEqual([200, answer.text]);
    return answer.body.open;
  }

  it('every status in a database is final, or an open state with an owner', async () => {
    const seen: StatusCheck[] = [];
    for (const { role, dfsp } of withOpenStates()) {
      const { app } = network.running.role(role, dfsp);
      const { states } = app.get(OpenStates, { strict: false });
      const checks = await app.get(DataSource, { strict: false }).query<StatusCheck[]>(
        `SELECT conrelid::regclass::text AS table, pg_get_constraintdef(oid) AS text FROM pg_constraint
         WHERE connamespace = current_schema()::regnamespace AND contype = 'c' AND conname ~ '_(status|state)_is_known$'`,
      );
      seen.push(...checks);
      for (const { table, text } of checks) {
        const known = [...text.matchAll(/'([A-Za-z]+)'/g)].map(([, value]) => value!);
        const open = known.filter((status) => !FINAL.has(status));
        const kind = KIND_OF_TABLE[table];
        const ofTable = states.filter((one) => (kind ? one.kind === kind : one.table === table));
        const owned = new Set(ofTable.map(({ state }) => state));
        expect([role, table, open.filter((status) => !owned.has(status))]).toEqual([role, table, []]);
      }
    }
    expect(seen.length).toBeGreaterThan(8);
  });

  it('only operators and administrators read them', async () => {
    for (const instance of withOpenStates()) {
      expect((await askOpen(instance, '', null)).status).toBe(401);
      expect((await askOpen(instance, '', 'dfsp1:dfsp1')).status).not.toBe(200);
      expect((await askOpen(instance, '/nothing')).status).toBe(404);
      const [{ kind }] = (await openOf(instance)) as [OpenCountDto];
      for (const query of ['limit=0', 'limit=201', 'overdue=x', 'after=x', 'who=me']) {
        expect([query, (await askOpen(instance, `/${kind}?${query}`)).status]).toEqual([query, 400]);
      }
    }
  });

  it('lists what is open in pages, the oldest first', async () => {
    const notified: Awaited<ReturnType<typeof notifiedInvoice>>[] = [];
    for (let left = 3; left > 0; left--) notified.push(await notifiedInvoice(network));
    const ids = notified.map(({ invoiceNotificationId }) => invoiceNotificationId);
    const instance = withOpenStates().find(({ role, dfsp }) => role === 'dfsp-api' && dfsp === 'dfsp1')!;
    const read: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const after: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`;
      const { status, body } = await askOpen<OpenPageDto>(instance, `/notification?limit=2${after}`);
      expect(status).toBe(200);
      read.push(...body.entries.map(({ id }) => id));
      next = body.next;
    }
    expect(read.slice(-3)).toEqual(ids);
    for (const { invoiceId } of notified) {
      const cancelled = await network.ask('dfsp-api', 'dfsp2', `PUT /v1/invoices/${invoiceId}/cancel`, { body: {} });
      expect(cancelled.status).toBe(200);
    }
  });

  it('everything that nobody ends ends by itself, on both sides', async () => {
    const expiresAt = new Date(Date.now() + LIFETIME_S * 1_000).toISOString();
    const left = await notifiedInvoice(network, { expiresAt });
    const abandoned = await notifiedInvoice(network, { expiresAt });
    const setUp = await network.ask('spsp-client-proxy', 'dfsp1', 'POST /spsp/client/v1/setup', {
      body: { receiver: abandoned.invoiceUrl, sourceAccount: 'alice', sourceIdentifier: ALICE },
    });
    expect(setUp.status).toBe(201);
    expect((await channelQuote(network)).status).toBe(201);
    const transfer = {
      debits: [{ account: 'alice', amount: '1.00', authorized: true }],
      credits: [{ account: 'dfsp1-testconnector', amount: '1.00' }],
      execution_condition: CONDITION,
      expires_at: new Date(Date.now() + 2_000).toISOString(),
    };
    const put = await network.ask('dfsp-ledger', 'dfsp1', `PUT /ledger/transfers/${randomUUID()}`, {
      body: transfer,
      auth: 'admin:admin',
    });
    expect(put.status).toBe(201);
    await eventually(
      async () => {
        for (const instance of withOpenStates()) {
          const open = (await openOf(instance)).filter(({ count, kind, state }) => count > 0 && !stays(kind, state));
          expect([instance.role, instance.dfsp, open]).toEqual([instance.role, instance.dfsp, []]);
        }
      },
      { timeoutMs: LATEST_MS, intervalMs: 200 },
    );
    expect(await pending(network)).toEqual([]);
    for (const { invoiceId } of [left, abandoned]) {
      const read = await network.ask('dfsp-api', 'dfsp2', `GET /v1/invoices/${invoiceId}`);
      expect(read.body.status).toBe('expired');
    }
  });
});
