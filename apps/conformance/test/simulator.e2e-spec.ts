import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '@level-one/platform';
import { createTestDatabase, eventually, RoleProgram, type TestDatabase } from '@level-one/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './started-system.js';

const START_TIMEOUT_MS = 240_000;
/** Nobody else's: the guide's test has the block before it. */
const PORT_BASE = 31_500;
const DELAY_MS = 300;
const REFUSED = { id: 'LimitExceededError', message: 'Closed today' };

/** Rules of dfsp2: it answers one amount late, and refuses another one. */
const RULES = [
  { name: 'is late', when: { at: 'quote', amount: '14.00' }, do: { delayMs: DELAY_MS } },
  { name: 'no quote', when: { at: 'quote', amount: '15.00' }, do: { refuse: { status: 422, ...REFUSED } } },
];

describe('The simulator', () => {
  let database: TestDatabase;
  let folder: string;
  let simulator: RoleProgram;

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    const rules = join(folder, 'rules.json');
    writeFileSync(rules, JSON.stringify(RULES));
    simulator = new RoleProgram({
      program: [join(ROOT, 'apps/network/test/faults/simulate.mjs'), '--dfsp', 'dfsp2', '--rules', rules],
      environment: { PORT_BASE: String(PORT_BASE), DATABASE_URL: database.url, LOG_LEVEL: 'silent' },
    });
    simulator.start();
    await eventually(
      () => {
        if (!simulator.isRunning) throw new Error(`it ended: ${simulator.log}`);
        expect(simulator.log).toMatch(/The network is ready/);
      },
      { timeoutMs: START_TIMEOUT_MS, intervalMs: 200 },
    );
  });

  afterAll(async () => {
    await simulator.kill();
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  const ask = async (path: string, body: object) => {
    const answer = await fetch(`http://127.0.0.1:${PORT_BASE + 100}${path}`, {
      method: 'POST',
      headers: { authorization: basicAuthorization('dfsp1', 'dfsp1'), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, json: (await answer.json()) as Record<string, any> };
  };

  /** What a payment of Alice to Bob costs. */
  const quote = (amount: string) =>
    ask('/v1/quote', {
      amount,
      amountType: 'SEND',
      destinationIdentifier: '26547070',
      sourceAccount: 'alice',
      sourceIdentifier: '78956562',
    });

  const rules = async (method = 'GET', path = 'rules', body?: object) => {
    const url = `http://127.0.0.1:${PORT_BASE + 251}/${path}`;
    const answer = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
    return (await answer.json()) as { scenario: string | null; rules: { name: string; met: number }[] };
  };
  const metBy = async (name: string) => (await rules()).rules.find((rule) => rule.name === name)?.met;

  it('lets pass what no rule means, up to the payment', async () => {
    const quoted = await quote('12.00');
    expect(quoted).toMatchObject({ status: 201 });
    const paid = await ask('/v1/transfer', { paymentId: quoted.json['paymentId'] });
    expect(paid).toMatchObject({ status: 201, json: { status: 'executed' } });
  });

  it('refuses what a rule refuses, in its words', async () => {
    expect(await quote('15.00')).toMatchObject({ status: 422, json: { id: REFUSED.id } });
    expect(await metBy('no quote')).toBe(1);
  });

  it('answers late what a rule delays, and as usual', async () => {
    const before = performance.now();
    expect(await quote('14.00')).toMatchObject({ status: 201 });
    expect(performance.now() - before).toBeGreaterThan(DELAY_MS - 5);
    expect(await metBy('is late')).toBe(1);
  });

  it('takes rules and scenarios while it runs', async () => {
    await rules('DELETE');
    expect(await quote('15.00')).toMatchObject({ status: 201 });
    const closed = { ...RULES[1]!, scenario: 'closed' };
    await rules('POST', 'rules', closed);
    expect(await quote('15.00')).toMatchObject({ status: 201 });
    await rules('PUT', 'scenario', { name: 'closed' });
    expect(await quote('15.00')).toMatchObject({ status: 422, json: { id: REFUSED.id } });
  });

  it('stops with the network, cleanly', async () => {
    expect(await simulator.stop()).toBe(0);
    await expect(fetch(`http://127.0.0.1:${PORT_BASE + 251}/rules`)).rejects.toThrow('fetch failed');
  });
});
