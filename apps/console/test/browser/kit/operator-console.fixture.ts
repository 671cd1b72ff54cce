import { eventually } from '@level-one/testing';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { CONSOLE_URL } from './people.fixture.js';

const DIST = join(import.meta.dirname, '../../../../../dist/apps');
const run = promisify(execFile);

/** People of different rights. Their passwords are random. */
export const USERS = {
  vera: { name: 'vera', role: 'viewer' },
  olaf: { name: 'olaf', role: 'operator' },
  anna: { name: 'anna', role: 'admin' },
} as const;

export interface OperatorConsole {
  url: string;
  password: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** Settings of the demo network's own console. */
async function settingsOfConsole(): Promise<Record<string, string>> {
  const env = { ...process.env, PORT_BASE: new URL(CONSOLE_URL).port };
  const { stdout } = await run(process.execPath, [join(DIST, 'network/src/instance-settings.js'), 'console'], { env });
  return Object.fromEntries([...stdout.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]));
}

/** A second instance of the network's console that is no demo: everybody signs in. */
export async function startOperatorConsole(): Promise<OperatorConsole> {
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    ...(await settingsOfConsole()),
    DEMO_NETWORK: 'false',
    METRICS_CREDENTIALS: `metrics:${crypto.randomUUID()}`,
    PORT: port,
    PUBLIC_URL: url,
  };
  const env = { ...process.env, ...settings };
  const password = `the secret of ${crypto.randomUUID()}`;
  for (const { name, role } of Object.values(USERS)) {
    const setting = run(process.execPath, [join(DIST, 'console/src/sessions/set-user.js'), name, role], { env });
    setting.child.stdin!.end(`${password}\n`);
    await setting;
  }
  const child = spawn(process.execPath, [join(DIST, 'console/src/main.js')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += String(text)));
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`the console ended: ${printed}`);
    const { ok } = await fetch(`${url}/health`);
    if (!ok) throw new Error(`the console is not ready: ${printed}`);
  });
  return {
    url,
    password,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Signs in on a page of that console. */
export async function signIn(page: Page, name: keyof typeof USERS, password: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('region', { name: 'Sign in' }).getByRole('button', { name: 'Sign in' }).click();
}

/** Rows of a table that has this name. */
export const rowsOf = (page: Page, table: string): Locator =>
  page.getByRole('table', { name: table, exact: true }).getByRole('row');
