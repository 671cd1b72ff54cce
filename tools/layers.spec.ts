import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = dirname(import.meta.dirname);
const CRUISER = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
const LAYERS = '.dependency-cruiser.cjs';
const FOLDER_CIRCLES = '.dependency-cruiser.folders.cjs';
const LIBS = ['errors', 'work', 'money', 'ilp', 'transfer', 'peers', 'platform', 'ledger', 'testing'];
const DECLARED = ['typeorm', 'undici', 'ws', '@nestjs/websockets'];
const DEVELOPMENT = ['jest'];

/** Forbidden imports: the rule, a file, and what it imports. */
const VIOLATIONS: [rule: string, file: string, imports: string][] = [
  ['every-import-is-found', 'apps/a/src/lost.ts', './nowhere.js'],
  ['packages-are-declared', 'apps/a/src/undeclared.ts', 'undeclared'],
  ['no-development-packages-in-production', 'apps/a/src/production.ts', 'jest'],
  ['libs-do-not-know-apps', 'libs/ledger/src/upside-down.ts', '../../../apps/a/src/a.module.js'],
  ['apps-do-not-know-each-other', 'apps/b/src/neighbour.ts', '../../a/src/a.module.js'],
  ['page-of-the-console-is-apart', 'apps/console/web/src/server.ts', '@level-one/peers'],
  ['shared-with-the-page-is-a-leaf', 'apps/console/src/shared/server.ts', 'node:fs'],
  ['page-of-the-console-is-a-leaf', 'apps/console/src/server.ts', '../web/src/page.js'],
  ['command-line-knows-the-network-alone', 'apps/cli/src/role.ts', '../../a/src/a.module.js'],
  ['network-imports-only-roles', 'apps/network/src/upward.ts', '../../cli/src/role.js'],
  ['dfsp-api-sides-are-apart', 'apps/dfsp-api/src/payer/payments/sides.ts', '../../payee/payments/payment.js'],
  ['dfsp-api-sides-are-apart', 'apps/dfsp-api/src/payee/quotes/sides-types.ts', '../../payer/payments/payment.js'],
  ['dfsp-api-sides-are-apart', 'apps/dfsp-api/src/payee/quotes/sides.db-spec.ts', '../../payer/payments/payment.js'],
  ['dfsp-api-shared-folders-know-no-side', 'apps/dfsp-api/src/charges/side.ts', '../payer/payments/payment.js'],
  ['dfsp-api-shared-folders-know-no-side', 'apps/dfsp-api/src/quotes/side-types.ts', '../payee/payments/payment.js'],
  ['dfsp-api-shared-folders-know-no-side', 'apps/dfsp-api/src/ledger/above.ts', '../both-sides/route.js'],
  ['folders-go-one-way', 'apps/dfsp-api/src/payer/payments/back.ts', '../notifications/notification.js'],
  ['folders-go-one-way', 'apps/dfsp-api/src/payer/quotes/back-types.ts', '../payments/payment.js'],
  ['folders-go-one-way', 'apps/dfsp-api/src/ledger/back.ts', '../customers/customer.js'],
  ['folders-go-one-way', 'apps/dfsp-api/src/payee/invoices/above.ts', '../../both-sides/route.js'],
  ['folders-go-one-way', 'apps/dfsp-api/src/ledger/root-types.ts', '../dfsp-api.module.js'],
  ['folders-go-one-way', 'apps/dfsp-api/src/unlisted/room.ts', '../ledger/account.js'],
  ['role-modules-import-features', 'apps/spsp-client/src/spsp-client.module.ts', './setup/setup.js'],
  ['network-imports-only-roles', 'apps/network/src/intruder.ts', '../../a/src/a.service.js'],
  ['errors-is-a-leaf', 'libs/errors/src/leaf.ts', '@level-one/money'],
  ['work-knows-errors-alone', 'libs/work/src/above.ts', '@level-one/money'],
  ['foundation-knows-no-layer-above', 'libs/money/src/above.ts', '@level-one/transfer'],
  ['foundation-knows-no-layer-above', 'libs/ilp/src/above.ts', '@level-one/platform'],
  ['domain-knows-no-layer-above', 'libs/transfer/src/above.ts', '@level-one/ledger'],
  ['domain-knows-no-layer-above', 'libs/transfer/src/types-above.ts', '@level-one/platform'],
  ['reconciliation-reads-by-others', 'libs/reconciliation/src/caller.ts', '@level-one/peers'],
  ['platform-knows-no-domain', 'libs/platform/src/domain.ts', '@level-one/transfer'],
  ['domain-speaks-no-http', 'libs/transfer/src/websocket.ts', '@nestjs/websockets'],
  ['domain-speaks-no-http', 'libs/ilp/src/server.ts', 'node:http'],
  ['foundation-has-no-database', 'libs/money/src/table.ts', 'typeorm'],
  ['controllers-have-no-database', 'apps/a/src/people.controller.ts', 'typeorm'],
  ['only-peers-call-out', 'apps/a/src/direct-call.ts', 'undici'],
  ['testing-is-for-tests', 'apps/a/src/not-a-test.ts', '@level-one/testing'],
  ['folders-go-one-way', 'libs/ledger/src/books/upward.ts', '../engine/ledger.js'],
  ['folders-go-one-way', 'libs/ledger/src/schema/types-upward.ts', '../books/books.js'],
  ['folders-go-one-way', 'libs/ledger/src/events/upward.ts', '../api/door.js'],
  ['folders-go-one-way', 'libs/ledger/src/api/index-user.ts', '../index.js'],
  ['folders-go-one-way', 'libs/ledger/src/books/engine/upward.ts', '../../engine/ledger.js'],
  ['folders-go-one-way', 'apps/central-ledger/src/positions/upward.ts', '../settlements/settlement.js'],
  ['folders-go-one-way', 'apps/ledger-adapter/src/relay/upward.ts', '../routes/route.js'],
  ['folders-go-one-way', 'apps/scheme-adapter/src/quotes/upward-types.ts', '../payments/payment.js'],
  ['folders-go-one-way', 'libs/notifications/src/gateway/neighbour.ts', '../subscriber/subscriber.js'],
  ['folders-go-one-way', 'libs/ilp/src/conditions/upward.ts', '../packets/packet.js'],
  ['folders-go-one-way', 'libs/invoice/src/invoices/upward-types.ts', '../notifications/notification.js'],
  ['folders-go-one-way', 'libs/quote/src/quotes/upward.ts', '../schema/schema.js'],
  ['help-and-completion-are-quick', 'apps/cli/src/main.ts', '@level-one/platform'],
  ['help-and-completion-are-quick', 'apps/cli/src/output/output.ts', '../run-command.js'],
  ['tools-and-bench-are-outside', 'apps/a/src/measured.ts', '../../../bench/shared/meter.mjs'],
  ['tools-and-bench-are-outside', 'tools/measured.mjs', '../bench/shared/meter.mjs'],
  ['tools-and-bench-are-outside', 'bench/shared/tool.mjs', '../../tools/tool.mjs'],
  ['benchmarks-are-apart', 'bench/floods/neighbour.mjs', '../ledger/main.mjs'],
  ['tools-and-bench-use-front-doors', 'tools/back-door.mjs', '../dist/libs/peers/src/hops/hops.js'],
  ['tools-and-bench-use-front-doors', 'bench/ledger/back-door.mjs', '../../dist/apps/a/src/a.service.js'],
  ['tools-and-bench-use-front-doors', 'tools/back-door.spec.ts', '../apps/a/src/a.service.js'],
];

/** Allowed imports that are similar to forbidden ones. */
const ALLOWED: [file: string, imports: string][] = [
  ['apps/a/src/a.module.ts', './a.service.js'],
  ['apps/console/web/src/page.ts', 'jest'],
  ['apps/console/web/src/types.ts', '@level-one/peers'],
  ['apps/spsp-client/src/setup/setup.ts', 'typeorm'],
  ['apps/dfsp-api/src/dfsp-api.module.ts', './payer/payments/payments.module.js'],
  ['apps/dfsp-api/src/payer/payments/payments.module.ts', './payment.js'],
  ['apps/dfsp-api/src/both-sides/route.ts', '../payee/payments/payment.js'],
  ['apps/dfsp-api/src/both-sides/other-route.ts', '../payer/notifications/notification.js'],
  ['apps/dfsp-api/src/payer/notifications/notification.ts', '../payments/payment.js'],
  ['apps/dfsp-api/src/payer/payments/payment.ts', '../../ledger/account.js'],
  ['apps/dfsp-api/src/payee/payments/payment.ts', '../../ledger/account.js'],
  ['apps/dfsp-api/src/customers/customer.ts', '../ledger/account.js'],
  ['apps/dfsp-api/src/ledger/account.ts', '../dfsp-api.settings.js'],
  ['apps/dfsp-api/src/ledger/account.spec.ts', '../dfsp-api.module.js'],
  ['apps/dfsp-api/src/dfsp-api.settings.ts', '@level-one/platform'],
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
  ['libs/ledger/src/schema/rows.ts', 'typeorm'],
  ['libs/ledger/src/books/books.ts', '../schema/rows.js'],
  ['libs/ledger/src/engine/ledger.ts', '../books/books.js'],
  ['libs/ledger/src/api/door.ts', '../engine/ledger.js'],
  ['libs/ledger/src/ledger.module.ts', './api/door.js'],
  ['libs/notifications/src/events/event.ts', 'ws'],
  ['libs/notifications/src/subscriber/subscriber.ts', '../events/event.js'],
  ['libs/ilp/src/packets/packet.ts', '@level-one/errors'],
  ['libs/invoice/src/notifications/notification.ts', 'typeorm'],
  ['libs/quote/src/quotes/quote.ts', 'typeorm'],
  ['libs/quote/src/schema/schema.ts', '../quotes/quote.js'],
  ['apps/central-ledger/src/settlements/settlement.ts', '@level-one/ledger'],
  ['apps/ledger-adapter/src/routes/route.ts', '@level-one/peers'],
  ['apps/scheme-adapter/src/payments/payment.ts', '@level-one/peers'],
  ['libs/ledger/src/books/books.spec.ts', '../engine/ledger.js'],
  ['apps/cli/src/run-command.ts', '@level-one/platform'],
  ['bench/shared/meter.mjs', 'ws'],
  ['bench/ledger/main.mjs', '../shared/meter.mjs'],
  ['tools/tool.mjs', '../dist/libs/peers/src/index.js'],
  ['bench/ledger/network.mjs', '../../dist/apps/network/src/main.js'],
];

/** Folders of one app that import each other, and one that imports the folder around it, which is no circle. */
const FOLDERS: [file: string, imports: string][] = [
  ['apps/b/src/hens/hen.ts', '../eggs/egg.js'],
  ['apps/b/src/eggs/egg.ts', 'typeorm'],
  ['apps/b/src/eggs/types-nest.ts', '../hens/hen.js'],
  ['apps/c/src/c.module.ts', './people/people.js'],
  ['apps/c/src/c.settings.ts', 'typeorm'],
  ['apps/c/src/people/people.ts', '../c.settings.js'],
  ['apps/c/src/people/people.spec.ts', '../pets/pet.js'],
  ['apps/c/src/pets/pet.ts', '../people/people.js'],
];

const isTypeImport = (file: string): boolean => file.includes('types');

interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function versions(names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, '1.0.0']));
}

/** Writes a small project with every fault. */
function build(folder: string): void {
  for (const config of [LAYERS, FOLDER_CIRCLES]) cpSync(join(ROOT, config), join(folder, config));
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
  for (const [file, imports] of [
    ...VIOLATIONS.map((row) => row.slice(1) as [string, string]),
    ...ALLOWED,
    ...FOLDERS,
  ]) {
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

function cruise(folder: string, config: string): Promise<Violation[]> {
  const options = ['--config', config, '--output-type', 'json', 'apps', 'libs', 'tools', 'bench'];
  return new Promise((resolve, reject) => {
    // The exit code is the number of violations.
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
  let folderViolations: Violation[];
  const brokenBy = (file: string) => violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'level-one-layers-'));
    build(folder);
    violations = await cruise(folder, LAYERS);
    folderViolations = await cruise(folder, FOLDER_CIRCLES);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(VIOLATIONS)('%s: %s may not import %s', (rule, file) => {
    expect(brokenBy(file)).toContain(rule);
  });

  it('no-cycles: two modules may not import each other, not even types', () => {
    expect([...brokenBy('apps/a/src/hen.ts'), ...brokenBy('apps/a/src/egg.ts')]).toContain('no-cycles');
    expect([...brokenBy('apps/a/src/chicken-types.ts'), ...brokenBy('apps/a/src/egg-types.ts')]).toContain('no-cycles');
  });

  it('no-cycles-between-folders: two folders may not import each other; one may import from those around it', () => {
    const circles = folderViolations
      .filter(({ from }) => /^apps\/[bc]\//.test(from))
      .map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
    expect(new Set(circles)).toEqual(
      new Set([
        'no-cycles-between-folders: apps/b/src/eggs → apps/b/src/hens',
        'no-cycles-between-folders: apps/b/src/hens → apps/b/src/eggs',
      ]),
    );
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
