import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '@level-one/testing';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './started-system.js';

const PAGE = readFileSync(join(ROOT, 'docs/bring-your-own-dfsp.md'), 'utf8');
const START_TIMEOUT_MS = 240_000;
/** Nobody else's: test networks take blocks below 31000, the system gives ports from 32768 on. */
const PORT_BASE = 31_200;

/** The commands of a step, for the ports of this test. */
function commandsOf(step: string, folder: string): string {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(step)) ?? '';
  const commands = /```sh\n([\s\S]*?)```/.exec(section)?.[1];
  if (commands === undefined) throw new Error(`step ${step} has no commands`);
  return commands
    .replaceAll(/127\.0\.0\.1:3(\d{3})/g, (_, offset: string) => `127.0.0.1:${PORT_BASE + Number(offset)}`)
    .replace('--report report', `--report ${join(folder, 'report')} --peers http://127.0.0.1:${PORT_BASE + 260}`);
}

describe('The guide "bring your own DFSP"', () => {
  let database: TestDatabase;
  let folder: string;
  const open: ChildProcess[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'guide-'));
  });

  afterAll(async () => {
    for (const terminal of open.toReversed()) await close(terminal);
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  const environment = () => ({
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    PORT_BASE: String(PORT_BASE),
    DATABASE_URL: database.url,
  });

  /** A terminal that stays open. */
  const terminal = async (step: string, says: RegExp): Promise<{ said: () => string; close: () => Promise<void> }> => {
    const commands = commandsOf(step, folder);
    const child = spawn('bash', ['-c', commands], { cwd: ROOT, env: environment(), detached: true });
    open.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    await eventually(() => expect(output).toMatch(says), { timeoutMs: START_TIMEOUT_MS, intervalMs: 200 });
    return { said: () => output, close: () => close(child) };
  };

  const run = async (step: string): Promise<string> => {
    const options = { cwd: ROOT, env: environment(), maxBuffer: 10_000_000 };
    return (await promisify(execFile)('bash', ['-c', commandsOf(step, folder)], options)).stdout;
  };

  it('leads from nothing to a payment and to a system that conforms', async () => {
    await terminal('1.', /The network is ready/);
    const own = await terminal('2.', /Own DFSP on/);
    expect(JSON.parse(await run('3.'))).toMatchObject({ status: 'executed' });
    await eventually(() => expect(own.said()).toContain('coffee-1: payment of 10.40 is executed'));
    expect(JSON.parse(await run('4.'))).toMatchObject({ status: 'paid' });
    await own.close();
    await terminal('2.', /Own DFSP on/);
    const [passed] = /\d+ of \d+ cases passed, 0 failed/.exec(await run('5.')) ?? [];
    expect(PAGE).toContain(passed);
    expect(readFileSync(join(folder, 'report/spsp-backend.html'), 'utf8')).toContain('<p class="verdict">Conforms</p>');
  });
});

/** Ends what a terminal has started, as Ctrl-C does. */
async function close(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  process.kill(-child.pid!, 'SIGTERM');
  await ended;
}
