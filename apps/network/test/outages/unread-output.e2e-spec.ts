import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { closeSync, existsSync, openSync } from 'node:fs';
import { RoleProcess } from '../support/role-process.js';
import { ask, freePortBase } from '../support/test-network.js';

const START_TIMEOUT_MS = 240_000;
/** Far more than a pipe and a socket hold. */
const LINES_BYTES = 600_000;
const AT_ONCE = 50;
/** A path that is in a log line. */
const LONG_PATH = 'x'.repeat(200);

const environmentAt = (port: number): Record<string, string> => ({
  PORT: String(port),
  PUBLIC_URL: `http://127.0.0.1:${port}`,
  DFSP: 'dfsp1',
  DFSP_LEDGER_URL: `http://127.0.0.1:${port + 1}/ledger`,
  LOG_LEVEL: 'debug',
  STOP_DELAY_MS: '0',
  STOP_WITHIN_S: '1',
});

describe('A role whose output nobody reads', () => {
  let role: RoleProcess | undefined;

  afterEach(async () => {
    await role?.kill();
  });

  it.each(['closed', 'unread'] as const)('goes on, and ends on SIGTERM: %s', async (how) => {
    const port = await freePortBase();
    const url = `http://127.0.0.1:${port}`;
    role = new RoleProcess('ledger-adapter', environmentAt(port));
    await eventually(() => expect(role!.log).toContain(' listens on '), { timeoutMs: START_TIMEOUT_MS });
    const before = role.log.length;
    const answers = async (): Promise<number> => (await ask(`GET ${url}/ilp/ledger/v1/accounts/${LONG_PATH}`)).status;
    expect(await answers()).toBeGreaterThanOrEqual(400);
    await eventually(() => expect(role!.log.length).toBeGreaterThan(before));
    const perRequest = role.log.length - before;

    role.leaveOutput(how);
    for (let written = 0; written < LINES_BYTES; written += perRequest * AT_ONCE) {
      const statuses = await Promise.all(Array.from({ length: AT_ONCE }, answers));
      for (const status of statuses) expect(status).toBeGreaterThanOrEqual(400);
    }
    // Code 0: it has stopped by itself, within its time.
    expect(await role.stop()).toBe(0);
  });

  // Only Linux has a file that is always full.
  (existsSync('/dev/full') ? it : it.skip)('goes on, and ends on SIGTERM: its disk is full', async () => {
    const port = await freePortBase();
    const full = openSync('/dev/full', 'w');
    role = new RoleProcess('ledger-adapter', environmentAt(port), undefined, full);
    closeSync(full);
    const url = `GET http://127.0.0.1:${port}/ilp/ledger/v1/accounts/x`;
    const answered = async () => expect((await ask(url)).status).toBeGreaterThanOrEqual(400);
    await eventually(answered, { timeoutMs: START_TIMEOUT_MS });
    expect(await role.stop()).toBe(0);
  });
});
