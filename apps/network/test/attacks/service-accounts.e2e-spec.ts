import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RoleName } from '@level-one/platform';
import { randomSecrets } from '../../src/plan/secrets.js';
import { ask, TestNetwork } from '../support/test-network.js';
import { ID } from './hostile-requests.js';

describe('Service accounts outside the demo', () => {
  let network: TestNetwork;
  const secrets = randomSecrets();

  beforeAll(async () => {
    network = await TestNetwork.start({}, [], secrets);
  });

  afterAll(async () => {
    await network.close();
  });

  const as = (name: RoleName) => `${name}:${secrets.roleAccountPassword('dfsp1', name)}`;
  const ledger = (request: string, auth: string, body?: unknown) =>
    network.ask('dfsp-ledger', 'dfsp1', request, { auth, body });

  it('may do what they are for, and nothing else', async () => {
    const base = network.url('dfsp-ledger', 'dfsp1', '/ledger');
    const transfer = {
      id: `${base}/transfers/${ID}`,
      ledger: base,
      debits: [{ account: `${base}/accounts/alice`, amount: '1.00', authorized: true }],
      credits: [{ account: `${base}/accounts/dave`, amount: '1.00' }],
      execution_condition: 'ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32',
      expires_at: new Date(Date.now() + 30_000).toISOString(),
    };
    const prepare = async (name: RoleName) => (await ledger(`PUT /ledger/transfers/${ID}`, as(name), transfer)).status;
    const reject = async (name: RoleName) =>
      (await ledger(`PUT /ledger/transfers/${ID}/rejection`, as(name), { message: 'no' })).status;
    const services = ['dfsp-api', 'spsp-client', 'spsp-client-proxy', 'spsp-server'] as const;
    for (const name of services.filter((one) => one !== 'spsp-client'))
      expect([name, await prepare(name)]).toEqual([name, 403]);
    expect(await prepare('spsp-client')).toBe(201);
    for (const name of services.filter((one) => one !== 'spsp-server'))
      expect([name, await reject(name)]).toEqual([name, 403]);
    expect(await reject('spsp-server')).toBe(200);
    for (const name of services) {
      expect((await ledger('GET /ledger/accounts', as(name))).status).toBe(403);
      expect((await ledger(`PUT /ledger/accounts/${name}`, as(name), { rights: ['admin'] })).status).toBe(403);
      const { body } = await ledger('GET /ledger/accounts/alice', as(name));
      expect([name, 'balance' in body]).toEqual([name, name === 'dfsp-api']);
    }
  });

  it('keeps its secrets out of everything that is shown', async () => {
    const { pageUrl } = network.running.plan;
    const paths = ['', 'topology', 'hops', 'health', 'api/session', 'api/network', 'api/roles', 'docs-json'];
    for (const url of paths.map((path) => `${pageUrl}/${path}`)) {
      const { text } = await ask(`GET ${url}`);
      for (const secret of [
        secrets.admin,
        secrets.tokenSecret.dfsp1,
        secrets.api.dfsp1,
        secrets.roleAccountPassword('dfsp1', 'spsp-client'),
        secrets.rolePassword('dfsp1', 'spsp-client'),
      ]) {
        expect(text).not.toContain(secret);
      }
    }
  });
});
