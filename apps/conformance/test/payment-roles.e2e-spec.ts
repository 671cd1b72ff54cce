import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RoleName } from '@level-one/platform';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { CaseOutcome } from '../src/cases/conformance-case.js';
import { runCases } from '../src/cases/run-cases.js';
import { type OpenCases, openCases } from '../src/run-role.js';
import type { BrokenRule } from './breaches/breach.js';
import { DFSP_API_RULES } from './breaches/dfsp-api.js';
import { ILP_CONNECTOR_RULES } from './breaches/ilp-connector.js';
import { SCHEME_ADAPTER_RULES, SPSP_CLIENT_PROXY_RULES } from './breaches/payer-side.js';
import { SPSP_CLIENT_RULES } from './breaches/spsp-client.js';
import { SPSP_SERVER_RULES } from './breaches/spsp-server.js';
import { type ProxiedSystem, ROOT, startProxied } from './started-system.js';

interface RoleOfTest {
  role: RoleName;
  rules: readonly BrokenRule[];
  /** Settings of our role that a system of others need not have. */
  settings: Record<string, string>;
}

const ROLES: readonly RoleOfTest[] = [
  { role: 'spsp-server', rules: SPSP_SERVER_RULES, settings: { RECEIVER_SECRET: '11'.repeat(32) } },
  { role: 'dfsp-api', rules: DFSP_API_RULES, settings: {} },
  { role: 'spsp-client', rules: SPSP_CLIENT_RULES, settings: {} },
  { role: 'ilp-connector', rules: ILP_CONNECTOR_RULES, settings: {} },
  { role: 'scheme-adapter', rules: SCHEME_ADAPTER_RULES, settings: {} },
  { role: 'spsp-client-proxy', rules: SPSP_CLIENT_PROXY_RULES, settings: {} },
];

/** A role's system behind its proxies, and what became of its cases. */
interface Judged extends RoleOfTest {
  system: ProxiedSystem;
  open: OpenCases;
  outcomes: CaseOutcome[];
}

/** Systems that are started and judged side by side: each waits for silent neighbours most of the time. */
const SIDE_BY_SIDE = 3;
const judged = new Map<RoleName, Judged>();
let database: TestDatabase;

async function judge(one: RoleOfTest): Promise<void> {
  const { role, settings } = one;
  const system = await startProxied(role, join(ROOT, `dist/apps/${role}/src/main.js`), {
    DEMO_NETWORK: 'true',
    LOG_LEVEL: 'silent',
    DATABASE_URL: database.url,
    DATABASE_SCHEMA: role.replaceAll('-', '_'),
    ...settings,
  });
  const open = await openCases(system.run);
  const entry: Judged = { ...one, system, open, outcomes: [] };
  judged.set(role, entry);
  entry.outcomes = await runCases(open.cases);
}

beforeAll(async () => {
  database = await createTestDatabase();
  const limit = pLimit(SIDE_BY_SIDE);
  await Promise.all(ROLES.map((one) => limit(judge, one)));
});

afterAll(async () => {
  for (const { open, system } of judged.values()) {
    await open.close();
    await system.stop();
  }
  await database?.drop();
});

describe.each(ROLES)('The conformance of our own $role', ({ role, rules }) => {
  it('passes every case', () => {
    const { outcomes, open } = judged.get(role)!;
    expect(outcomes).toHaveLength(open.cases.length);
    expect(outcomes.flatMap(({ outcome, name, finding }) => finding ?? (outcome === 'passed' ? [] : name))).toEqual([]);
  });

  it.each(rules.map((rule, index) => [rule.name, index] as const))('is not given, if %s', async (_, index) => {
    const { open, system } = judged.get(role)!;
    const { at, breach, cases, finding, neverComes = false } = rules[index]!;
    const looking = open.cases.filter(({ route, name }) => cases.test(`${route} ${name}`));
    open.context.slack = neverComes ? 0.2 : 12;
    const outcomes = await system[at].breaking(breach, () => runCases(looking));
    expect(outcomes.map((outcome) => outcome.finding)).toContainEqual(expect.stringMatching(finding));
  });
});
