import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RoleName } from '@level-one/platform';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { join } from 'node:path';
import { runRoleCases } from '../src/run-role.js';
import { ROOT, type StartedSystem, startSystem } from './started-system.js';

const LEDGER = {
  LEDGER_ADMIN_PASSWORD: 'admin',
  TOKEN_SECRET: 'a-token-secret-of-my-own-0123456789',
  CURRENCY: 'USD',
  ILP_PREFIX: 'levelone.dfsp2.',
};

/** Further settings of our roles, which a system of others need not have. */
const SETTINGS: Partial<Record<RoleName, Record<string, string>>> = {
  'dfsp-ledger': LEDGER,
  'central-ledger': LEDGER,
  'central-directory': { DIRECTORY_ADMIN: 'admin:admin' },
  'end-user-registry': { REGISTRY_ADMIN: 'admin:admin' },
};

let database: TestDatabase;

// Not in the block below: tests that run side by side begin before the hooks of theirs.
beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

function startOwn(role: RoleName, settings: Record<string, string> = {}): Promise<StartedSystem> {
  return startSystem(role, join(ROOT, `dist/apps/${role}/src/main.js`), {
    DEMO_NETWORK: 'true',
    LOG_LEVEL: 'silent',
    DATABASE_URL: database.url,
    DATABASE_SCHEMA: role.replaceAll('-', '_'),
    ...SETTINGS[role],
    ...settings,
  });
}

describe('The conformance of our own roles', () => {
  it.concurrent.each([
    'spsp-backend',
    'dfsp-ledger',
    'central-ledger',
    'central-directory',
    'end-user-registry',
  ] as const)('%s passes every case', async (role) => {
    expect(await findingsAbout(await startOwn(role))).toEqual([]);
  });

  it.concurrent('ledger-adapter passes every case, in front of a ledger', async () => {
    const ledger = await startOwn('dfsp-ledger', { DATABASE_SCHEMA: 'ledger_behind_the_adapter' });
    try {
      const adapter = await startOwn('ledger-adapter', { DFSP_LEDGER_URL: `${ledger.run.url}/ledger` });
      expect(await findingsAbout(adapter)).toEqual([]);
    } finally {
      await ledger.stop();
    }
  });
});

/** Runs every case, and stops the system. @returns what is wrong, and what was left out */
async function findingsAbout({ run, stop }: StartedSystem): Promise<string[]> {
  try {
    const { cases } = await runRoleCases(run);
    return cases.flatMap(({ outcome, name, finding }) => finding ?? (outcome === 'passed' ? [] : name));
  } finally {
    await stop();
  }
}
