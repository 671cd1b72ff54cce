import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortBase } from '../../network/test/support/test-network.js';
import { json, levelone, leveloneProcess } from './levelone.fixture.js';

describe('levelone where no network is', () => {
  let environment: Record<string, string>;
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'levelone-'));
    environment = { PORT_BASE: String(await freePortBase()), DATA_DIR: folder, DATABASE_URL: database.url };
  });
  afterAll(async () => {
    rmSync(environment['DATA_DIR']!, { recursive: true, force: true });
    await database.drop();
  });

  it.each([
    ['lookup 78956562'],
    ['invoice 1 --to 78956562'],
    ['pay --newest'],
    ['quote 1 --to 78956562'],
    ['transfer 3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14'],
    ['payments'],
    ['timeline 3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14'],
    ['balances'],
    ['reconcile'],
    ['settle list'],
    ['settle close'],
    ['participants'],
  ])('%s ends with 3 and says how to start one', async (args) => {
    const { exitCode, document, err } = await json(args, environment);
    expect([exitCode, document.error.id, err]).toEqual([3, 'NotReachable', '']);
    expect(document.error.message).toMatch(/got no answer: .*; start the demo network with: levelone up$/);
  });

  it.each(['status', 'open'])('%s ends with 3', async (args) => {
    expect((await levelone(args, environment)).exitCode).toBe(3);
  });

  it.each([
    ['frobnicate', /Unknown command: frobnicate/],
    ['lookup', /Not enough non-option arguments/],
    ['lookup 1 --colour red', /Unknown argument: colour/],
    ['lookup 1 --port-base many', /PORT_BASE \(is "many"\)/],
    ['lookup 1 --dfsp-api-url nowhere', /DFSP_API_URL/],
    ['lookup 1 --dfsp-api-url http://127.0.0.1:1', /needs --dfsp-api-credentials/],
    ['lookup 1 --config /nowhere.env', /file of settings \/nowhere\.env cannot be read/],
    ['lookup 1 --dfsp dfsp9', /no DFSP dfsp9/],
    ['invoice 1', /Missing required argument: to, or product/],
    ['invoice 1 --to 1 --product', /mutually exclusive/],
    ['pay', /name one invoice/],
    ['pay 1 --newest', /name one invoice/],
    ['quote 1', /Missing required argument: to/],
    ['payments --state lost', /Invalid values/],
    ['settle', /Name what to settle/],
    ['settle file 1 --format pdf', /Invalid values/],
    ['settle confirm 1 --reference r', /say what the bank moved/],
    ['settle confirm 1 --reference r --account a', /say what the bank moved/],
    ['reconcile --since yesterday', /RECONCILE_FROM/],
  ])('%s is wrong use: one line, and exit code 2', async (args, line) => {
    const { exitCode, out, err } = await levelone(args, environment);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(line);
    expect(err).toMatch(/^levelone: [^\n]+\n$/);
    const { document } = await json(args, environment);
    expect(document.error).toMatchObject({ id: 'WrongUse', message: expect.stringMatching(line) });
  });

  it('starts one in the background, says how it is, and stops it', async () => {
    const up = await leveloneProcess('up --json', environment);
    expect([up.exitCode, JSON.parse(up.out).wasRunning]).toEqual([0, false]);
    expect(readFileSync(JSON.parse(up.out).log, 'utf8')).toContain('The network is ready');
    expect((await leveloneProcess('up', environment)).out).toMatch(/^The network runs already: /);
    const status = await leveloneProcess('status', environment);
    expect([status.exitCode, status.err]).toEqual([0, '']);
    expect(status.out).toMatch(/^dfsp-ledger +dfsp2 +http\S+ +OK$/m);
    const other = await json('down', { ...environment, DATA_DIR: '/nowhere' });
    expect([other.exitCode, other.document.error.id]).toEqual([1, 'NotStartedHere']);
    const down = await leveloneProcess('down --json', environment);
    expect([down.exitCode, JSON.parse(down.out).pid]).toEqual([0, JSON.parse(up.out).pid]);
    expect((await leveloneProcess('down', environment)).out).toBe('The network does not run.\n');
  });

  it('says why a network does not start', async () => {
    const { exitCode, err } = await leveloneProcess('up', { ...environment, PORT_BASE: '80' });
    expect([exitCode, err]).toEqual([2, expect.stringContaining('PORT_BASE')]);
    const failed = await leveloneProcess('up', { ...environment, EXCEPT: 'dfsp9/nothing' });
    expect([failed.exitCode, failed.err]).toEqual([1, expect.stringContaining('there is no instance dfsp9/nothing')]);
  });

  it('prints help, its version and a script for completion, whose words are the commands', async () => {
    expect((await leveloneProcess('--help', environment)).out).toContain('levelone lookup <number>');
    expect((await leveloneProcess('completion', environment)).out).toContain('--get-yargs-completions');
    const words = await leveloneProcess('--get-yargs-completions levelone se', environment);
    expect(words.out.split('\n')).toContain('settle');
  });
});
