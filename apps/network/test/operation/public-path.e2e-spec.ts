import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, RoundRobinProxy } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { demoSecrets } from '../../src/plan/secrets.js';
import type { NetworkPlan } from '../../src/plan/topology.js';
import { FiveBellsClient } from '../support/five-bells-client.js';
import { ALICE, notifiedInvoice, pay } from '../support/people.js';
import { ask, TestNetwork } from '../support/test-network.js';

const START_TIMEOUT_MS = 240_000;
const PATH = '/bank1';
/** Above the ports of all networks of tests. */
const LISTEN_OFFSET = 400;

const proxies: RoundRobinProxy[] = [];

/** A proxy in front of every role that takes the path off, or leaves it. */
async function proxiesOf(plan: NetworkPlan, strips: boolean): Promise<void> {
  for (const { port, baseUrl } of plan.instances) {
    const options = { port: Number(new URL(baseUrl).port), targets: [port], prefix: PATH, strips };
    proxies.push(await RoundRobinProxy.start(options));
  }
}

const start = (place: Parameters<typeof TestNetwork.start>[5]): Promise<TestNetwork> =>
  TestNetwork.start({}, [], demoSecrets(), {}, undefined, { pathOf: () => PATH, ...place });

describe.each([
  ['without a proxy', {}],
  [
    'behind proxies that take it off',
    { listenOffset: LISTEN_OFFSET, before: (plan: NetworkPlan) => proxiesOf(plan, true) },
  ],
  [
    'behind proxies that leave it',
    { listenOffset: LISTEN_OFFSET, before: (plan: NetworkPlan) => proxiesOf(plan, false) },
  ],
])('field D: a network whose public URLs have a path, %s', (_, place) => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await start(place);
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    await network?.close();
    for (const proxy of proxies.splice(0)) await proxy.close();
  });

  it('serves health, Swagger and its document at every role', async () => {
    for (const { role, dfsp, baseUrl } of network.running.plan.instances) {
      const at = (path: string) => ask(`GET ${baseUrl}${path}`);
      expect([role, dfsp, (await at('/health')).status]).toEqual([role, dfsp, 200]);
      const page = await at('/docs');
      const scripts = [...page.text.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, link]) => link!);
      expect(scripts.length).toBeGreaterThan(0);
      for (const script of scripts) {
        const { status } = await ask(`GET ${new URL(script, `${baseUrl}/docs`).href}`);
        expect([role, script, status]).toEqual([role, script, 200]);
      }
      const document = await at('/docs-json');
      expect(new URL(document.body.servers[0].url, `${baseUrl}/docs-json`).pathname).toBe(`${PATH}/`);
    }
  });

  it('pays an invoice, whose links have the path', async () => {
    const { invoiceNotificationId, invoiceUrl } = await notifiedInvoice(network);
    expect(new URL(invoiceUrl).pathname).toMatch(/^\/bank1\/v1\/invoices\//);
    expect(await pay(network, invoiceNotificationId)).toMatchObject({ status: 200, body: { status: 'paid' } });
    const listed = await network.ask('dfsp-api', 'dfsp1', 'GET /v1/payments?limit=1');
    expect(listed.status).toBe(200);
    await network.ask('dfsp-api', 'dfsp2', 'POST /v1/merchantInvoice', {
      body: { account: 'bob', amount: '1.00', identifier: ALICE, merchantIdentifier: '26547070' },
    });
    const invoices = await network.ask('dfsp-api', 'dfsp2', 'GET /v1/invoices?limit=1');
    expect(invoices.body.next).toMatch(new RegExp(`^${network.url('dfsp-api', 'dfsp2')}/v1/invoices`));
    expect((await ask(`GET ${invoices.body.next}`, { auth: 'dfsp2:dfsp2' })).status).toBe(200);
  });

  it('pays a quote, over signed requests of one DFSP to the other', async () => {
    const paymentId = randomUUID();
    const order = { amount: '2.00', amountType: 'SEND', sourceAccount: 'erin' };
    const people = { sourceIdentifier: '92806391', destinationIdentifier: '30754016' };
    const body = { paymentId, ...order, ...people };
    const quoted = await network.ask('dfsp-api', 'dfsp1', 'POST /v1/quote', { body });
    expect([quoted.status, quoted.text]).toEqual([201, quoted.text]);
    const paid = await network.ask('dfsp-api', 'dfsp1', 'POST /v1/transfer', { body: { paymentId } });
    expect([paid.status, paid.text]).toEqual([201, paid.text]);
  });

  it.each([
    ['dfsp-ledger', 'dfsp1', '/ledger', 'alice'],
    ['ledger-adapter', 'dfsp1', '/ilp/ledger/v1', 'alice'],
    ['ledger-adapter', 'dfsp1', '/ledger', 'alice'],
    ['central-ledger', null, '', 'dfsp1'],
  ] as const)('%s of %s at %s has URIs and websockets with the path', async (role, dfsp, base, name) => {
    const url = network.url(role, dfsp, base);
    const account = await ask(`GET ${url}/accounts/${name}`, { auth: 'admin:admin' });
    expect(account.body.id).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/bank1\//);
    expect((await ask(`GET ${account.body.id}`, { auth: 'admin:admin' })).status).toBe(200);
    const client = await FiveBellsClient.listen(`${network.url(role, dfsp, base)}/accounts/${name}`, 'admin:admin');
    client.close();
  });

  it('answers other paths as a role does that has none', async () => {
    const { origin } = new URL(network.url('dfsp-api', 'dfsp1'));
    await eventually(async () =>
      expect((await ask(`GET ${origin}/bank2/v1/nothing`, { auth: 'dfsp1:dfsp1' })).status).toBe(404),
    );
  });
});
