#!/usr/bin/env node
// @ts-check
/**
 * Makes a typed client of each role from docs/openapi: `clients/<role>`, a package to install or `npm pack`.
 * `npm run clients -- dfsp-api dfsp-ledger` makes some, `--output <folder>` makes them elsewhere.
 */
import { createClient } from '@hey-api/openapi-ts';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const DOCUMENTS = join(ROOT, 'docs', 'openapi');
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const ROLES = readdirSync(DOCUMENTS).map((name) => name.replace(/\.json$/, ''));

const COMPILER_OPTIONS = {
  module: 'nodenext',
  moduleResolution: 'nodenext',
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  types: [],
  strict: true,
  declaration: true,
  skipLibCheck: true,
  rootDir: 'src',
  outDir: 'dist',
};

/** What the generator leaves out of the package's front door. */
const FURTHER_EXPORTS = `
export { client } from './client.gen.js';
export { createClient, createConfig } from './client/index.js';
`;

/**
 * The document of a role without aliases of its routes.
 * @param {string} role
 */
function documentOf(role) {
  /** @type {{ paths: Record<string, Record<string, Record<string, unknown>>> }} */
  const document = JSON.parse(readFileSync(join(DOCUMENTS, `${role}.json`), 'utf8'));
  /** @type {typeof document.paths} */
  const paths = {};
  for (const [path, item] of Object.entries(document.paths)) {
    const primary = Object.entries(item).filter(([, operation]) => !operation['x-alias-of']);
    if (primary.length > 0) paths[path] = Object.fromEntries(primary);
  }
  return { ...document, paths };
}

/**
 * @param {string} role
 * @param {string} version
 */
function packageOf(role, version) {
  return {
    name: `@level-one/${role}-client`,
    version,
    description: `Typed client of the ${role} of Level One`,
    license: 'Apache-2.0',
    type: 'module',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist'],
    engines: { node: '>=20.19' },
  };
}

/**
 * @param {string} role
 * @param {string} output folder of all clients
 */
async function makeClient(role, output) {
  const folder = join(output, role);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const write = (/** @type {string} */ name, /** @type {object} */ content) =>
    writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  write('package.json', packageOf(role, version));
  write('tsconfig.json', { compilerOptions: COMPILER_OPTIONS, include: ['src'] });
  await createClient({
    input: documentOf(role),
    output: { path: join(folder, 'src'), tsConfigPath: join(folder, 'tsconfig.json') },
    logs: { level: 'silent', file: false },
    plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
  });
  appendFileSync(join(folder, 'src', 'index.ts'), FURTHER_EXPORTS);
  const { status } = spawnSync(process.execPath, [TSC, '-p', folder], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`the client of ${role} does not compile`);
  process.stdout.write(`made ${folder}\n`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { output: { type: 'string', default: join(ROOT, 'clients') } },
});
const unknown = positionals.filter((role) => !ROLES.includes(role));
if (unknown.length > 0) {
  process.stderr.write(`clients: there is no role ${unknown.join(', ')}; there are ${ROLES.join(', ')}\n`);
  process.exit(1);
}
for (const role of positionals.length > 0 ? positionals : ROLES) await makeClient(role, resolve(values.output));
