import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { planConsole } from '../../src/console/console-plan.js';
import { instanceNamed, type NetworkPlan } from '../../src/plan/topology.js';
import { DEMO_PEOPLE } from '../../src/seed/demo-people.js';
import { notifiedInvoice, pay } from '../support/people.js';
import { RoleProcess } from '../support/role-process.js';
import { ask, freePortBase, TestNetwork } from '../support/test-network.js';

const START_TIMEOUT_MS = 240_000;
const BACKEND = 'dfsp2/spsp-backend';

interface Entry {
  dfsp: string | null;
  role: string;
  kind: string;
  what: string;
  hop?: string;
  state?: string;
}

describe('The console of a network in two processes', () => {
  let network: TestNetwork;
  let backend: RoleProcess;
  let alone: RoleProcess;
  let paymentId: string;
  let atFirstReady: Promise<number[]>;

  /** Statuses of what starts last, and of the last customer that is set up, at the moment at which the page is ready. */
  const statusesWhenReady = async (plan: NetworkPlan): Promise<number[]> => {
    const statusOf = async (request: string, auth: string | null = null): Promise<number> => {
      const answer = await ask(request, { auth }).catch(() => undefined);
      return answer?.status ?? 0;
    };
    await eventually(async () => expect(await statusOf(`GET ${plan.pageUrl}/health`)).toBe(200), {
      timeoutMs: START_TIMEOUT_MS,
      intervalMs: 20,
    });
    const connectors = ['dfsp1/ilp-connector', 'dfsp2/ilp-connector'].map((name) => instanceNamed(plan, name).baseUrl);
    const frank = `${instanceNamed(plan, 'dfsp2/dfsp-api').baseUrl}/v1/customers/${DEMO_PEOPLE.at(-1)!.number}`;
    return Promise.all([
      ...connectors.map((url) => statusOf(`GET ${url}/health`)),
      statusOf(`GET ${frank}`, 'dfsp2:dfsp2'),
    ]);
  };

  beforeAll(async () => {
    network = await TestNetwork.start({}, [BACKEND], undefined, {}, undefined, {
      before: async (plan) => {
        for (const { environment } of plan.instances) environment['OTEL_EXPORTER_OTLP_ENDPOINT'] = plan.pageUrl;
        atFirstReady = statusesWhenReady(plan);
      },
    });
    const { environment, baseUrl } = instanceNamed(network.running.plan, BACKEND);
    backend = new RoleProcess('spsp-backend', environment);
    await eventually(async () => expect((await ask(`GET ${baseUrl}/health`)).status).toBe(200), {
      timeoutMs: START_TIMEOUT_MS,
      intervalMs: 100,
    });
    const { invoiceNotificationId } = await notifiedInvoice(network);
    expect(await pay(network, invoiceNotificationId)).toMatchObject({ status: 200, body: { status: 'paid' } });
    const { body } = await ask(`GET ${network.running.plan.pageUrl}/api/payments?limit=1`);
    ({ paymentId } = body.payments[0]);
  });

  afterAll(async () => {
    await alone?.stop();
    await backend?.stop();
    await network?.close();
  });

  const timelineAt = async (url: string): Promise<Entry[]> => {
    const { status, body } = await ask(`GET ${url}/payments/${paymentId}/timeline`);
    expect([status, body.missing]).toEqual([200, []]);
    return body.entries;
  };

  it('is ready only when every role is, and everybody is set up', async () => {
    expect(await atFirstReady).toEqual([200, 200, 200]);
  });

  it('tells a payment in causal order, with the hops of both processes and the states of all roles', async () => {
    await eventually(async () => {
      const entries = await timelineAt(network.running.plan.pageUrl);
      const hops = entries.flatMap(({ hop }) => hop ?? []);
      const places = ['S.A', 'S.C', 'S.D', 'S.E', 'P.A', 'P.D', 'P.E', 'V.B', 'V.D'].map((hop) => hops.indexOf(hop));
      expect(places).toEqual(places.filter((at) => at >= 0).toSorted((a, b) => a - b));
      expect(entries).toContainEqual(
        expect.objectContaining({ hop: 'S.E', role: 'spsp-backend', dfsp: 'dfsp2', kind: 'hop' }),
      );
      for (const role of ['dfsp-api', 'spsp-client', 'spsp-server', 'dfsp-ledger', 'central-ledger']) {
        expect(entries).toContainEqual(expect.objectContaining({ role, kind: expect.not.stringMatching(/^hop$/) }));
      }
    });
  });

  it('tells the same from a console that is started alone, later: it is not in the memory of the first', async () => {
    const port = await freePortBase();
    const url = `http://127.0.0.1:${port}`;
    const { environment } = planConsole(network.running.plan);
    alone = new RoleProcess('console', { ...environment, PORT: String(port), PUBLIC_URL: url });
    await eventually(async () => expect((await ask(`GET ${url}/health`)).status).toBe(200), {
      timeoutMs: START_TIMEOUT_MS,
      intervalMs: 100,
    });
    // Spans may still be on their way: a call is told by its receiver until its sender has told it.
    await eventually(async () => {
      expect(await timelineAt(url)).toEqual(await timelineAt(network.running.plan.pageUrl));
    });
    const { body } = await ask(`GET ${url}/api/payments/${paymentId}/receipt`);
    expect(body).toMatchObject({ paymentId, state: 'executed', payerAccount: 'alice' });
    expect(body).toMatchObject({ payeeName: 'Bob Diaz', payeeAccount: expect.stringMatching(/accounts\/bob$/) });
    expect(body.fulfillment).not.toBeNull();
  });

  it('changes a cap when a second person approves it, and nothing before', async () => {
    const { pageUrl } = network.running.plan;
    const capOf = async (): Promise<string | null> => {
      const { body } = await ask(`GET ${pageUrl}/api/positions`);
      return body.positions.find(({ account }: { account: string }) => account.endsWith('/dfsp1')).net_debit_cap;
    };
    const change = { kind: 'set-cap', parameters: { account: 'dfsp1', netDebitCap: '12345.00' } };
    const { body: proposed } = await ask(`POST ${pageUrl}/api/changes`, { body: change });
    const approval = `POST ${pageUrl}/api/changes/${proposed.id}/approve`;
    expect(await ask(approval)).toMatchObject({ status: 403 });
    expect(await capOf()).not.toBe('12345.00');
    const signedIn = await ask(`POST ${pageUrl}/api/session`, { body: { name: 'demo2', password: 'demo2' } });
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
    expect(await ask(approval, { headers: { cookie } })).toMatchObject({ status: 200, body: { state: 'done' } });
    expect(await capOf()).toBe('12345.00');
  });
});
