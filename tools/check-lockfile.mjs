#!/usr/bin/env node
// @ts-check
/**
 * Checks that package-lock.json works with `npm ci` on other machines.
 *
 * - Native packages come as optional dependencies, one per platform. npm sometimes writes a lock with only the own
 *   platform's; `npm ci` then refuses it elsewhere ("Missing: … from lock file").
 * - `resolved` URLs name the registry of the machine that ran `npm install`; without them each machine uses its own,
 *   and `integrity` still guards the contents.
 *
 * Usage: check-lockfile.mjs [file]. Ends with exit code 1 and one line per problem.
 */
import { readFileSync } from 'node:fs';

/**
 * @typedef {{ optionalDependencies?: Record<string, string>, resolved?: string, integrity?: string, link?: boolean }} LockedPackage
 * @typedef {{ lockfileVersion: number, packages?: Record<string, LockedPackage> }} LockFile
 */

/**
 * Places of a package that is imported from `path`: beside the importer, or in any node_modules above.
 * @param {string} name
 * @param {string} path
 */
function* placesOf(name, path) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    yield `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (folder === '') return;
  }
}

/**
 * @param {Record<string, LockedPackage>} packages
 * @param {string} name
 * @param {string} path
 */
function isLocked(packages, name, path) {
  for (const place of placesOf(name, path)) if (place in packages) return true;
  return false;
}

/**
 * Problems of a parsed lock file, one line each.
 * @param {LockFile} lock
 */
export function problemsOf(lock) {
  if (lock.lockfileVersion !== 3) return [`lockfileVersion is ${lock.lockfileVersion}, expected 3`];
  const { packages = {} } = lock;
  const problems = [];
  for (const [path, { optionalDependencies = {}, resolved, integrity, link }] of Object.entries(packages)) {
    const title = path || 'the project itself';
    const missing = Object.keys(optionalDependencies).filter((name) => !isLocked(packages, name, path));
    if (missing.length > 0) problems.push(`${title}: optional packages missing: ${missing.join(', ')}`);
    if (resolved !== undefined && !link) problems.push(`${title}: "resolved" is recorded (${resolved})`);
    if (path !== '' && !link && integrity === undefined) problems.push(`${title}: no "integrity"`);
  }
  return problems;
}

/** @param {string} file */
function main(file) {
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const problems = problemsOf(lock);
  for (const problem of problems) process.stderr.write(`${file}: ${problem}\n`);
  if (problems.length > 0) process.exit(1);
  process.stdout.write(`${file}: ${Object.keys(lock.packages).length} packages, nothing missing\n`);
}

if (process.argv[1] === import.meta.filename) main(process.argv[2] ?? 'package-lock.json');
