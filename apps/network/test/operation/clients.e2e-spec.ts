import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TestNetwork } from '../support/test-network.js';

const ROOT = join(import.meta.dirname, '../../../..');
const execute = promisify(execFile);

/** A program with a wrong type: the amount is no number. */
const WRONG = `import { issueInvoice } from '@level-one/dfsp-api-client';
await issueInvoice({ body: { account: 'bob', amount: 10.4, merchantIdentifier: '26547070' } });
`;
const COMPILER_OPTIONS = {
  module: 'nodenext',
  target: 'es2022',
  strict: true,
  noEmit: true,
  types: [],
  lib: ['es2022', 'dom', 'dom.iterable'],
};

describe('the client package of the DFSP API', () => {
  let network: TestNetwork;
  let folder: string;

  beforeAll(async () => {
    network = await TestNetwork.start();
    folder = mkdtempSync(join(tmpdir(), 'level-one-clients-'));
    await execute(process.execPath, [join(ROOT, 'tools/clients.mjs'), 'dfsp-api', '--output', folder]);
    await execute('npm', ['pack', '--pack-destination', folder], { cwd: join(folder, 'dfsp-api') });
    const packed = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    await execute('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, packed)], { cwd: folder });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await network.close();
  });

  it('is installed without other packages, and the example pays an invoice with it', async () => {
    const program = join(folder, 'pay.mjs');
    cpSync(join(ROOT, 'examples/dfsp-api-client.mjs'), program);
    const env = {
      PATH: process.env['PATH'],
      DFSP1_API: network.url('dfsp-api', 'dfsp1'),
      DFSP2_API: network.url('dfsp-api', 'dfsp2'),
    };
    const { stdout } = await execute(process.execPath, [program], { env });
    expect(stdout).toMatch(/^Bob invoices Alice Ames\nAlice paid: paid, payment [0-9a-f-]{36}\n$/);
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@level-one']);
  });

  it('has types that refuse a wrong body', async () => {
    writeFileSync(join(folder, 'wrong.mts'), WRONG);
    const config = join(folder, 'tsconfig.json');
    writeFileSync(config, JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['wrong.mts'] }));
    const compile = execute(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config]);
    await expect(compile).rejects.toMatchObject({
      stdout: expect.stringMatching(/wrong\.mts.*Type 'number' is not assignable to type 'string'/),
    });
  });
});
