#!/usr/bin/env node
// @ts-check
/**
 * Writes the files that are made from the built code: docs/openapi/<role>.json, docs/asyncapi.yaml, docs/settings.md, docs/hops.md,
 * docs/callers.md, docs/routes.md, docs/open-states.md, docs/errors.md, docs/metrics.md, examples/dfsp-api.env and docker/compose.yaml. `--check` writes nothing: it prints
 * each stale file, and ends with exit code 1 if there is one.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asyncApiPage } from './asyncapi.mjs';
import { composeFile } from './compose.mjs';
import { callersPage, hopsPage, openApiDocuments, settingsPage } from './documents.mjs';
import { errorsPage } from './errors.mjs';
import { envFile } from './env-file.mjs';
import { metricsPage } from './metrics.mjs';
import { openStatesPage } from './open-states.mjs';
import { routesPage } from './routes.mjs';

const ROOT = dirname(import.meta.dirname);
const OPENAPI = 'docs/openapi';

/**
 * Every generated file: its path and its text.
 * @returns {Promise<Map<string, string>>}
 */
async function generate() {
  const documents = await openApiDocuments();
  const files = new Map();
  for (const [role, document] of documents) {
    files.set(`${OPENAPI}/${role}.json`, `${JSON.stringify(document, null, 2)}\n`);
  }
  files.set('docs/asyncapi.yaml', asyncApiPage(documents));
  files.set('docs/settings.md', settingsPage());
  files.set('docs/hops.md', hopsPage(documents));
  files.set('docs/callers.md', callersPage(documents));
  files.set('docs/routes.md', routesPage(documents));
  files.set('docs/open-states.md', openStatesPage());
  files.set('docs/errors.md', errorsPage(documents));
  files.set('docs/metrics.md', metricsPage());
  files.set('examples/dfsp-api.env', envFile());
  files.set('docker/compose.yaml', composeFile());
  return files;
}

/** @param {string} path */
function textOf(path) {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Documents of roles that do not exist any more.
 * @param {Map<string, string>} files
 */
function leftOver(files) {
  mkdirSync(join(ROOT, OPENAPI), { recursive: true });
  return readdirSync(join(ROOT, OPENAPI))
    .map((name) => `${OPENAPI}/${name}`)
    .filter((path) => !files.has(path));
}

/** @param {Map<string, string>} files */
function write(files) {
  for (const path of leftOver(files)) rmSync(join(ROOT, path));
  for (const [path, text] of files) {
    if (textOf(path) === text) continue;
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
    process.stdout.write(`wrote ${path}\n`);
  }
}

/**
 * @param {string} expected
 * @param {string} found
 */
function firstDifference(expected, found) {
  const lines = found.split('\n');
  const at = expected.split('\n').findIndex((line, index) => line !== lines[index]);
  return `line ${(at < 0 ? lines.length - 1 : at) + 1}`;
}

/** @param {Map<string, string>} files */
function check(files) {
  const problems = leftOver(files).map((path) => `${path}: there is no such role`);
  for (const [path, text] of files) {
    const found = textOf(path);
    if (found === undefined) problems.push(`${path}: missing`);
    else if (found !== text) problems.push(`${path}: stale from ${firstDifference(text, found)} on`);
  }
  if (problems.length === 0) {
    process.stdout.write(`${files.size} generated files are up to date\n`);
    return;
  }
  process.stderr.write(`${problems.join('\n')}\nrun \`npm run generate\` and commit the files\n`);
  process.exitCode = 1;
}

const files = await generate();
if (process.argv.includes('--check')) check(files);
else write(files);
