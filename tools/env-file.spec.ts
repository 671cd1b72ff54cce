import { describe, expect, it } from '@jest/globals';
import { describeSettings, settingsFromEnvironment } from '@level-one/platform';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROLE_DEFINITIONS } from '../apps/network/src/definitions.js';

const FILE = readFileSync(join(dirname(import.meta.dirname), 'examples/dfsp-api.env'), 'utf8');
const { settings: settingsClass } = ROLE_DEFINITIONS['dfsp-api'];
const rows = describeSettings(settingsClass);

function random(): string {
  return randomBytes(32).toString('hex');
}

/** Settings that a reader must fill in, with values. */
const FILLED: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://user:password@127.0.0.1:5432/name',
  ROLE_PASSWORD: random(),
  CALLERS: `spsp-backend:${random()},scheme-adapter:${random()}`,
  DFSP_API_CREDENTIALS: `channel:${random()}`,
  DFSP_API_ADMIN_CREDENTIALS: `admin:${random()}`,
  CENTRAL_DIRECTORY_SECRET: random(),
  LEDGER_PASSWORD: random(),
};

/** The lines that are not comments. */
function environment(): Record<string, string> {
  return Object.fromEntries([...FILE.matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
}

describe('examples/dfsp-api.env', () => {
  it('has every setting of the role, and no others', () => {
    const named = [...FILE.matchAll(/^(?:# )?([A-Z0-9_]+)=/gm)].map(([, name]) => name);
    expect(named).toEqual(rows.map(({ env }) => env));
  });

  it('is valid once its empty settings are filled in', () => {
    const given = environment();
    const empty = Object.keys(given).filter((name) => given[name] === '');
    expect(empty.toSorted()).toEqual(Object.keys(FILLED).toSorted());
    expect(() => settingsFromEnvironment(settingsClass, given)).toThrow('ROLE_PASSWORD');
    expect(settingsFromEnvironment(settingsClass, { ...given, ...FILLED })).toMatchObject({
      dfsp: 'dfsp3',
      port: 3100,
    });
  });
});
