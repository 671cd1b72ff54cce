import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '@level-one/testing';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { ask, freePortBase } from '../support/test-network.js';
import { RoleProcess } from '../support/role-process.js';

const DEMO = join(import.meta.dirname, '../../../../dist/apps/network/src/demo/demo.js');
/** A payment through both DFSPs and the centre. */
const CHAIN = ['S.A', 'S.C', 'S.E', 'P.A', 'P.E', 'P.G1', 'P.I', 'V.B', 'V.D', 'V.G'];

interface Hop {
  hop: string;
  recordedAt: string | null;
  startedMs: number;
}

describe('npm start', () => {
  let database: TestDatabase;
  let network: RoleProcess;
  let portBase: number;

  /** With two threads on every machine. */
  const start = (): void => {
    network = new RoleProcess('network', { PORT_BASE: String(portBase), DATABASE_URL: database.url, THREADS: '2' });
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    portBase = await freePortBase();
    start();
    await eventually(() => expect(network.log).toContain('The network is ready'), { timeoutMs: 200_000 });
  });

  afterAll(async () => {
    await network?.kill();
    await database?.drop();
  });

  it('runs a network in which a payment crosses both DFSPs, and shows its hops in their order', async () => {
    const env = { PATH: process.env['PATH'], PORT_BASE: String(portBase) };
    const { stdout } = await promisify(execFile)(process.execPath, [DEMO, 'invoice'], { env });
    expect(stdout).toMatch(/→ paid in \d+ ms/);
    const { body: hops } = await ask<Hop[]>(`GET http://127.0.0.1:${portBase}/hops`);
    expect(new Set(hops.map(({ recordedAt }) => recordedAt))).toEqual(new Set(['dfsp1', 'dfsp2', null]));
    const starts = CHAIN.map((id) => hops.find(({ hop }) => hop === id)!.startedMs);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  it('ends with a signal, in order and without an error', async () => {
    expect(await network.stop()).toBe(0);
    expect(network.log).not.toMatch(/"level":(50|60)|Error/);
  });

  it('says in one line which role of the other thread cannot start, and ends', async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(`INSERT INTO dfsp2_scheme_adapter.migrations (timestamp, name) VALUES (9, 'OfAnotherVersion9')`);
    await client.end();
    start();
    expect(await network.exited).toBe(1);
    // Other roles may warn that it is not there.
    expect(network.log).toMatch(/^network: scheme-adapter of dfsp2: .*OfAnotherVersion9.*$/m);
    expect(network.log).not.toMatch(/^ +at /m);
  });
});
