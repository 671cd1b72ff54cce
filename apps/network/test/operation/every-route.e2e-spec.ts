import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CallerKind } from '@level-one/platform';
import { credentialsFor } from '../../src/plan/credentials.js';
import { type InstancePlan, instanceName } from '../../src/plan/topology.js';
import { openApiOperations } from '../support/open-api-operations.js';
import { ask, TestNetwork } from '../support/test-network.js';

/** Examples of parameters, and something where there is none. */
const ANY = '7c0e4a52-3d1b-4f7e-9a86-0b5d2e1c8f43';
const NAMES: Readonly<Record<string, string>> = { name: 'alice', identifier: '78956562', number: '78956562' };

function pathOf(path: string): string {
  return path.replaceAll(/\{([^}]+)\}/g, (_all, name: string) => NAMES[name] ?? ANY);
}

describe('every route of every role', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ REQUESTS_UNSIGNED: '10000', LOGIN_FAILURES_PER_ADDRESS: '10000' });
  });

  afterAll(async () => {
    await network.close();
  });

  /** Credentials of somebody who may call the route. */
  function callerAt(instance: InstancePlan, callers: readonly CallerKind[]): string | null {
    const { plan } = network.running;
    for (const caller of callers) {
      if (caller === 'anyone' || (caller === 'dfsp' && instance.role !== 'central-directory')) return null;
      if (caller === 'admin' || caller === 'account') return `admin:${plan.secrets.admin}`;
      if (caller === 'channel' && instance.dfsp) return `${instance.dfsp}:${plan.secrets.api[instance.dfsp]}`;
      if (caller === 'dfsp') return 'dfsp1:dfsp1';
      const known = credentialsFor(plan, instance, caller);
      if (known) return known;
    }
    return null;
  }

  it('answers HEAD as GET, without a body', async () => {
    const wrong: string[] = [];
    for (const instance of network.running.plan.instances) {
      for (const { path, callers } of await operationsOf(instance, 'GET')) {
        for (const auth of [callerAt(instance, callers), null]) {
          const url = `${instance.baseUrl}${pathOf(path)}`;
          const [get, head] = [await ask(`GET ${url}`, { auth }), await ask(`HEAD ${url}`, { auth })];
          if (head.status === get.status && head.text === '' && head.status < 500) continue;
          wrong.push(`${instanceName(instance)} ${path}: GET ${get.status}, HEAD ${head.status} ${head.text}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 300_000);

  it('answers OPTIONS, and HEAD where there is no GET, without failing', async () => {
    const wrong: string[] = [];
    for (const instance of network.running.plan.instances) {
      for (const { path, callers } of await operationsOf(instance)) {
        for (const auth of [callerAt(instance, callers), null]) {
          for (const method of ['OPTIONS', 'HEAD']) {
            const { status } = await ask(`${method} ${instance.baseUrl}${pathOf(path)}`, { auth });
            if (status >= 500) wrong.push(`${instanceName(instance)} ${method} ${path}: ${status}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 300_000);

  it('field A: takes no body that says another unit than it works in', async () => {
    const taken: string[] = [];
    let asked = 0;
    for (const instance of network.running.plan.instances) {
      for (const { method, path, callers, example } of await operationsOf(instance)) {
        if (example === undefined) continue;
        for (const unit of [{ currencyCode: 'XTS' }, { scale: 7 }]) {
          const answer = await ask(`${method} ${instance.baseUrl}${pathOf(path)}`, {
            auth: callerAt(instance, callers),
            body: { ...example, ...unit },
          });
          asked += 1;
          if (answer.status < 400) taken.push(`${instanceName(instance)} ${method} ${path}: ${answer.status}`);
        }
      }
    }
    expect(taken).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  }, 300_000);

  async function operationsOf({ baseUrl }: InstancePlan, method?: string) {
    const operations = await openApiOperations(baseUrl);
    return operations.filter((operation) => method === undefined || operation.method === method);
  }
});
