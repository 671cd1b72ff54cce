#!/usr/bin/env node
// @ts-check
/**
 * Builds everything into dist/ if dist/ is not the build of the present sources; otherwise does nothing. `--always`
 * builds the roles in any case. The console's page is built apart, only if its own sources changed. Two runs at once
 * build once: the second one waits.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishPage } from './publish-page.mjs';

const ROOT = dirname(fileURLToPath(new URL('.', import.meta.url)));
const DIST = join(ROOT, 'dist');
/** Written after a successful build: digests of the sources and of the built files. */
const STAMP = join(DIST, '.built-from');
const LOCK = join(ROOT, 'node_modules', '.cache', 'level-one-build.lock');
const NEST = join(ROOT, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');

/** The console's page: sources, build and stamp. */
const PAGE = 'apps/console/web';
/** Of the console, what its page may run too. */
const SHARED = 'apps/console/src/shared';
const PAGE_DIST = join(DIST, PAGE);
/** Where the page is built, before all of it is there. */
const PAGE_NEW = join(DIST, '.page');
const PAGE_STAMP = join(DIST, '.page-built-from');
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');

const CONFIG = ['nest-cli.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
const SOURCE = /^(apps|libs)\/[^/]+\/src\/.*\.ts$/;
const TEST = /\.(spec|db-spec|e2e-spec)\.ts$/;

/**
 * Oldest Node.js that runs this, as in `engines` of package.json.
 * @type {[number, number]}
 */
const NODE_MIN = [20, 19];

const WAIT_MS = 200;
const WAIT_MAX_MS = 5 * 60_000;

/**
 * Prints one line, and ends with exit code 1.
 * @param {string} message
 */
function fail(message) {
  process.stderr.write(`build: ${message}\n`);
  process.exit(1);
}

function sources() {
  return ['apps', 'libs']
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => SOURCE.test(path) && !TEST.test(path))
    .toSorted();
}

/** Files below a folder, as paths from there. @param {string} folder */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted();
}

/**
 * Digest of files below a folder. Contents, not times: a checkout or a copy changes those.
 * @param {string} folder
 * @param {readonly string[]} paths
 */
function digestOf(folder, paths) {
  const digest = createHash('sha256');
  for (const path of paths) {
    digest
      .update(`${path}\0`)
      .update(readFileSync(join(folder, path)))
      .update('\0');
  }
  return digest.digest('hex');
}

function digestOfInputs() {
  return digestOf(ROOT, [...CONFIG, ...sources()]);
}

/** Digest of the built files: `nest start` builds into dist/ too, from edits that may be reverted later. */
function digestOfOutputs() {
  const outputs = filesBelow(DIST).filter((path) => path.endsWith('.js') && !path.startsWith(PAGE));
  return digestOf(DIST, outputs);
}

/** Digest of what the page is made of: its sources, and the versions of its packages. */
function digestOfPageInputs() {
  const paths = [PAGE, SHARED].flatMap((folder) => filesBelow(join(ROOT, folder)).map((path) => `${folder}/${path}`));
  return digestOf(ROOT, ['package-lock.json', ...paths.filter((path) => !TEST.test(path))]);
}

/** @param {string} inputs digest */
function isPageBuiltFrom(inputs) {
  if (!existsSync(PAGE_STAMP) || !existsSync(PAGE_DIST)) return false;
  return readFileSync(PAGE_STAMP, 'utf8') === `${inputs} ${digestOf(PAGE_DIST, filesBelow(PAGE_DIST))}`;
}

/** @param {string} inputs digest */
function isBuiltFrom(inputs) {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === `${inputs} ${digestOfOutputs()}`;
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Takes the lock; waits for the process that holds it, and ignores the lock of an ended one. */
async function lock() {
  mkdirSync(dirname(LOCK), { recursive: true });
  const deadline = Date.now() + WAIT_MAX_MS;
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const owner = existsSync(LOCK) ? Number(readFileSync(LOCK, 'utf8')) : 0;
    if (owner > 0 && !isRunning(owner)) rmSync(LOCK, { force: true });
    else if (Date.now() > deadline) fail(`another build (process ${owner}) does not end`);
    else await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

/** @param {string} inputs digest */
function build(inputs) {
  process.stdout.write('building (some 15 s) …\n');
  const { status, error } = spawnSync(process.execPath, [NEST, 'build', 'all'], { cwd: ROOT, stdio: 'inherit' });
  if (error) fail(error.message);
  if (status !== 0) fail('failed; the errors are above');
  writeFileSync(STAMP, `${inputs} ${digestOfOutputs()}`);
}

/** @param {string} inputs digest */
function buildPage(inputs) {
  process.stdout.write('building the console (some 5 s) …\n');
  const into = ['--outDir', PAGE_NEW, '--emptyOutDir'];
  const { status, error } = spawnSync(process.execPath, [VITE, 'build', PAGE, ...into, '--logLevel', 'warn'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (error) fail(error.message);
  if (status !== 0) fail('the console failed; the errors are above');
  publishPage(PAGE_NEW, PAGE_DIST);
  writeFileSync(PAGE_STAMP, `${inputs} ${digestOf(PAGE_DIST, filesBelow(PAGE_DIST))}`);
}

/** A folder that may not be written is no reason for a stack. @param {unknown} error */
function explain(error) {
  const { code, path, stack } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === undefined || path === undefined) fail(String(stack));
  fail(`${path} cannot be written: ${code}; build where the folder can be written, then run it here`);
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
  fail(`Node.js ${process.versions.node} is too old; install ${NODE_MIN.join('.')} or newer`);
}
process.once('uncaughtException', explain);

const always = process.argv.includes('--always');
if (always || !isBuiltFrom(digestOfInputs()) || !isPageBuiltFrom(digestOfPageInputs())) {
  if (!existsSync(NEST) || !existsSync(VITE)) {
    fail('node_modules is missing or without its development packages; run `npm ci --include=dev` first');
  }
  await lock();
  process.once('exit', () => rmSync(LOCK, { force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const inputs = digestOfInputs();
  if (always || !isBuiltFrom(inputs)) build(inputs);
  const pageInputs = digestOfPageInputs();
  if (!isPageBuiltFrom(pageInputs)) buildPage(pageInputs);
}
