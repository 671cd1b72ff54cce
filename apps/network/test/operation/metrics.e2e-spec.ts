import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MetricDefinition, METRICS } from '@level-one/platform';
import { eventually } from '@level-one/testing';
import { ROLE_DEFINITIONS } from '../../src/definitions.js';
import { DEMO_PEOPLE } from '../../src/seed/demo-people.js';
import { notifiedInvoice, pay } from '../support/people.js';
import { ask, TestNetwork } from '../support/test-network.js';

/** A line of the text format: name, labels, value. */
const LINE = /^([a-z_]+)\{(.*)\} (\S+)$/;
const SUFFIX = /_(bucket|sum|count)$/;

interface Line {
  name: string;
  labels: Map<string, string>;
  value: number;
}

function linesOf(text: string): Line[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name = '', labels = '', value] = LINE.exec(line) ?? [];
    const pairs = Array.from(labels.matchAll(/(\w+)="([^"]*)"/g), ([, key = '', told = '']) => [key, told] as const);
    return { name, labels: new Map(pairs), value: Number(value) };
  });
}

describe('GET /metrics', () => {
  let network: TestNetwork;
  let payment: { paymentId: string };

  beforeAll(async () => {
    network = await TestNetwork.start();
    const { invoiceNotificationId } = await notifiedInvoice(network);
    const paid = await pay(network, invoiceNotificationId);
    if (paid.status !== 200) throw new Error(paid.text);
    payment = paid.body;
    const body = { name: 'dfsp1', net_debit_cap: '50.00' };
    await network.ask('central-ledger', null, 'PUT /accounts/dfsp1', { auth: 'admin:admin', body });
    await network.ask('central-ledger', null, 'GET /invariants', { auth: 'admin:admin' });
  });

  afterAll(async () => {
    await network.close();
  });

  async function everyLine(): Promise<Line[]> {
    const all: Line[] = [];
    for (const { baseUrl } of network.running.plan.instances) {
      all.push(...linesOf((await ask(`GET ${baseUrl}/metrics`, { auth: null })).text));
    }
    return all;
  }

  it('answers every metric of the table somewhere in the network, and no other', async () => {
    const found = new Set((await everyLine()).map(({ name }) => name.replace(SUFFIX, '')));
    const told = new Set<string>(Object.keys(METRICS));
    expect([...found].filter((name) => !told.has(name))).toEqual([]);
    expect([...told].filter((name) => !found.has(name))).toEqual([]);
  });

  it('says of every value which role and DFSP it belongs to, and has only labels of the table', async () => {
    const tables: Record<string, MetricDefinition> = METRICS;
    const lines = await everyLine();
    const odd = lines.filter(({ name, labels, value }) => {
      const known = new Set(['role', 'dfsp', 'le', ...(tables[name.replace(SUFFIX, '')]?.labels ?? [])]);
      return Number.isNaN(value) || !labels.has('role') || [...labels.keys()].some((label) => !known.has(label));
    });
    expect(odd).toEqual([]);
    expect(new Set(lines.map(({ labels }) => labels.get('dfsp')))).toEqual(new Set(['centre', 'dfsp1', 'dfsp2']));
  });

  it('names no customer, number, id or URL in a label', async () => {
    const { paymentId } = payment;
    const personal = new Set([...DEMO_PEOPLE.flatMap(({ account, number }) => [account, number]), paymentId]);
    const values = new Set((await everyLine()).flatMap(({ labels }) => [...labels.values()]));
    expect([...values].filter((value) => personal.has(value))).toEqual([]);
    expect([...values].filter((value) => /:\/\/|[0-9a-f]{8}-/.test(value))).toEqual([]);
    expect(values.size).toBeLessThan(300);
  });

  it('counts each call of a payment once, with who was called and how it was answered', async () => {
    const setups = (await everyLine()).filter(
      ({ name, labels }) => name === 'levelone_hop_duration_seconds_count' && labels.get('hop') === 'S.C',
    );
    expect(setups.map(({ labels, value }) => [labels.get('role'), labels.get('peer'), value])).toEqual([
      ['spsp-client', 'spsp-server', 1],
    ]);
    expect(setups[0]!.labels.get('status_class')).toBe('2xx');
  });

  it('says how much of its net debit cap a participant uses, and that the books are in order', async () => {
    const lines = await everyLine();
    const valueOf = (metric: string, of: string) =>
      lines.find(({ name, labels }) => name === metric && [...labels.values()].includes(of))?.value;
    expect(valueOf('levelone_position_amount', 'dfsp1')).toBe(-10.4);
    expect(valueOf('levelone_net_debit_cap_amount', 'dfsp1')).toBe(50);
    expect(valueOf('levelone_net_debit_cap_used_ratio', 'dfsp1')).toBeCloseTo(10.4 / 50);
    expect(valueOf('levelone_ledger_invariant_violations', 'central-ledger')).toBe(0);
    expect(valueOf('levelone_ledger_invariant_violations', 'dfsp-ledger')).toBeUndefined();
  });

  it('counts the payment on both sides, with its outcome', async () => {
    const counted = (await everyLine()).filter(({ name }) => name === 'levelone_payments_total');
    expect(counted.map(({ labels, value }) => [...labels.values(), value].join(' ')).toSorted()).toEqual([
      'payee executed none dfsp-api dfsp2 1',
      'payer executed none dfsp-api dfsp1 1',
    ]);
  });

  it('is for monitoring systems, and whoever asks from loopback in a demo', async () => {
    const statuses: unknown[] = [];
    for (const auth of [null, 'prometheus:demo-metrics', 'admin:admin', 'prometheus:wrong', 'dfsp1:dfsp1']) {
      statuses.push((await network.ask('dfsp-api', 'dfsp1', 'GET /metrics', { auth })).status);
    }
    expect(statuses).toEqual([200, 200, 403, 401, 403]);
    const other = { auth: 'prometheus:demo-metrics' };
    expect((await network.ask('dfsp-api', 'dfsp1', 'GET /v1/customers/1', other)).status).toBe(401);
  });

  it('is of the text format that Prometheus reads', async () => {
    const { headers, text } = await network.ask('central-ledger', null, 'GET /metrics');
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toMatch(/^# HELP levelone_role_info .*\n# TYPE levelone_role_info gauge\n/);
  });
});

describe('GET /health/live and /health/ready', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    await network.close();
  });

  it('answer 200 on every path of every role that is ready, with all that it depends on', async () => {
    for (const { role, dfsp, baseUrl } of network.running.plan.instances) {
      for (const base of new Set(['', ...ROLE_DEFINITIONS[role].basePaths])) {
        const url = `${baseUrl}${base === '' ? '' : `/${base}`}/health`;
        const live = await ask(`GET ${url}/live`);
        expect([role, base, live.status, live.body]).toEqual([role, base, 200, { status: 'OK' }]);
        const { status, body } = await ask(`GET ${url}/ready`);
        expect([role, dfsp, base, status, body.status]).toEqual([role, dfsp, base, 200, 'OK']);
        expect(body.dependencies.filter((one: { ready: boolean }) => !one.ready)).toEqual([]);
      }
    }
  });

  it('tell a role that lives from one that may take work, and what it lacks', async () => {
    const client = network.url('spsp-client', 'dfsp1');
    await network.running.restart('dfsp-ledger', 'dfsp1', async () => {
      await eventually(async () => expect((await ask(`GET ${client}/health/ready`)).status).toBe(503));
      const { body } = await ask(`GET ${client}/health/ready`);
      expect(body).toMatchObject({ id: 'ServiceUnavailableError', message: expect.stringContaining('Not ready: ') });
      expect(body.dependencies).toContainEqual({ name: 'database', ready: true });
      expect(body.dependencies).toContainEqual({
        name: 'notifications of the ledger adapter',
        ready: false,
        why: expect.any(String),
      });
      expect((await ask(`GET ${client}/health/live`)).status).toBe(200);
      expect((await ask(`GET ${client}/health`)).status).toBe(503);
    });
    await eventually(async () => expect((await ask(`GET ${client}/health/ready`)).status).toBe(200), {
      timeoutMs: 30_000,
    });
  });
});
