import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = dirname(import.meta.dirname);
const CRUISER = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
const LIBS = ['errors', 'work', 'money', 'ilp', 'transfer', 'peers', 'platform', 'ledger', 'testing'];
const DECLARED = ['typeorm', 'undici', 'ws', '@nestjs/websockets'];
const DEVELOPMENT = ['jest'];

/** What must not be: the rule that says so, a file, and what it imports. */
const VIOLATIONS: [rule: string, file: string, imports: string][] = [
  ['every-import-is-found', 'apps/a/src/lost.ts', './nowhere.js'],
  ['packages-are-declared', 'apps/a/src/undeclared.ts', 'undeclared'],
  ['no-development-packages-in-production', 'apps/a/src/production.ts', 'jest'],
  ['libs-do-not-know-apps', 'libs/ledger/src/upside-down.ts', '../../../apps/a/src/a.module.js'],
  ['apps-do-not-know-each-other', 'apps/b/src/neighbour.ts', '../../a/src/a.module.js'],
  ['network-imports-only-roles', 'apps/network/src/intruder.ts', '../../a/src/a.service.js'],
  ['errors-is-a-leaf', 'libs/errors/src/leaf.ts', '@level-one/money'],
  ['work-knows-errors-alone', 'libs/work/src/above.ts', '@level-one/money'],
  ['foundation-knows-no-layer-above', 'libs/money/src/above.ts', '@level-one/transfer'],
  ['foundation-knows-no-layer-above', 'libs/ilp/src/above.ts', '@level-one/platform'],
  ['domain-knows-no-layer-above', 'libs/transfer/src/above.ts', '@level-one/ledger'],
  ['domain-knows-no-layer-above', 'libs/transfer/src/types-above.ts', '@level-one/platform'],
  ['platform-knows-no-domain', 'libs/platform/src/domain.ts', '@level-one/transfer'],
  ['domain-speaks-no-http', 'libs/transfer/src/websocket.ts', '@nestjs/websockets'],
  ['domain-speaks-no-http', 'libs/ilp/src/server.ts', 'node:http'],
  ['foundation-has-no-database', 'libs/money/src/table.ts', 'typeorm'],
  ['controllers-have-no-database', 'apps/a/src/people.controller.ts', 'typeorm'],
  ['only-peers-call-out', 'apps/a/src/direct-call.ts', 'undici'],
  ['testing-is-for-tests', 'apps/a/src/not-a-test.ts', '@level-one/testing'],
];

/** What may be, however near it comes to the above. */
const ALLOWED: [file: string, imports: string][] = [
  ['apps/a/src/a.module.ts', './a.service.js'],
  ['apps/a/src/a.service.ts', '@level-one/peers'],
  ['apps/a/src/a.db-spec.ts', '@level-one/testing'],
  ['apps/a/src/a.spec.ts', 'jest'],
  ['apps/a/src/store.ts', 'typeorm'],
  ['apps/network/src/definitions.ts', '../../a/src/a.module.js'],
  ['libs/peers/src/call.ts', 'undici'],
  ['libs/peers/src/types.ts', '@level-one/transfer'],
  ['libs/transfer/src/table.ts', 'typeorm'],
  ['libs/transfer/src/amounts.ts', '@level-one/money'],
  ['libs/transfer/src/due.ts', '@level-one/work'],
  ['libs/platform/src/amounts.ts', '@level-one/money'],
  ['libs/money/src/errors.ts', '@level-one/errors'],
];

const isTypeImport = (file: string): boolean => file.includes('types');

interface Violation {
  rule: { name: string };
  from: string;
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function versions(names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, '1.0.0']));
}

/** A little house with every fault in it. */
function build(folder: string): void {
  cpSync(join(ROOT, '.dependency-cruiser.cjs'), join(folder, '.dependency-cruiser.cjs'));
  write(
    folder,
    'package.json',
    JSON.stringify({ type: 'module', dependencies: versions(DECLARED), devDependencies: versions(DEVELOPMENT) }),
  );
  const paths = { '@level-one/*': ['./libs/*/src/index.ts'] };
  write(folder, 'tsconfig.json', JSON.stringify({ compilerOptions: { module: 'nodenext', paths } }));
  for (const name of [...DECLARED, ...DEVELOPMENT, 'undeclared']) {
    write(folder, `node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(folder, `node_modules/${name}/index.js`, '');
  }
  for (const lib of LIBS) write(folder, `libs/${lib}/src/index.ts`, 'export {};\n');
  for (const [file, imports] of [...VIOLATIONS.map((row) => row.slice(1) as [string, string]), ...ALLOWED]) {
    write(folder, file, `import ${isTypeImport(file) ? 'type ' : ''}{ x } from '${imports}';\nexport const y = x;\n`);
  }
  write(folder, 'apps/a/src/hen.ts', "import './egg.js';\n");
  write(folder, 'apps/a/src/egg.ts', "import './hen.js';\n");
  write(
    folder,
    'apps/a/src/chicken-types.ts',
    "import type { Egg } from './egg-types.js';\nexport type Chicken = Egg;\n",
  );
  write(
    folder,
    'apps/a/src/egg-types.ts',
    "import type { Chicken } from './chicken-types.js';\nexport type Egg = Chicken;\n",
  );
}

function cruise(folder: string): Promise<Violation[]> {
  const options = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'apps', 'libs'];
  return new Promise((resolve, reject) => {
    // Its exit code is the number of violations.
    execFile(process.execPath, [CRUISER, ...options], { cwd: folder, maxBuffer: 2 ** 24 }, (_, stdout, stderr) => {
      try {
        const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
        resolve(summary.violations);
      } catch (cause) {
        reject(new Error(stderr, { cause }));
      }
    });
  });
}

describe('the layer rules', () => {
  let folder: string;
  let violations: Violation[];
  const brokenBy = (file: string) => violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'level-one-layers-'));
    build(folder);
    violations = await cruise(folder);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(VIOLATIONS)('%s: %s may not import %s', (rule, file) => {
    expect(brokenBy(file)).toContain(rule);
  });

  it('no-cycles: two modules may not need each other to be loaded, but may know each other’s types', () => {
    expect([...brokenBy('apps/a/src/hen.ts'), ...brokenBy('apps/a/src/egg.ts')]).toContain('no-cycles');
    expect([...brokenBy('apps/a/src/chicken-types.ts'), ...brokenBy('apps/a/src/egg-types.ts')]).toEqual([]);
  });

  it.each(ALLOWED)('%s may import %s', (file) => {
    expect(brokenBy(file)).toEqual([]);
  });

  it('all have a case here', async () => {
    const { default: config } = (await import(join(ROOT, '.dependency-cruiser.cjs'))) as {
      default: { forbidden: { name: string }[] };
    };
    const rules = new Set(config.forbidden.map(({ name }) => name));
    expect(new Set(['no-cycles', ...VIOLATIONS.map(([rule]) => rule)])).toEqual(rules);
  });
});
