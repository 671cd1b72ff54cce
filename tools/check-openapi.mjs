#!/usr/bin/env node
// @ts-check
/**
 * Checks docs/openapi/<role>.json by Redocly's recommended rules, including warnings, and by three generators of
 * clients. Prints each fault, and ends with exit code 1 if there is one.
 */
import { createClient } from '@hey-api/openapi-ts';
import { createConfig, lint } from '@redocly/openapi-core';
import { generateSource } from 'oazapfts';
import openapiTS from 'openapi-typescript';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const FOLDER = join(dirname(import.meta.dirname), 'docs', 'openapi');

/** @type {Record<string, (input: string, output: string) => Promise<unknown>>} */
const GENERATORS = {
  'openapi-typescript': (path) => openapiTS(pathToFileURL(path)),
  oazapfts: (path) => generateSource(path),
  '@hey-api/openapi-ts': (input, output) =>
    createClient({
      input,
      output,
      logs: { level: 'silent', file: false },
      plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
    }),
};

/**
 * @param {string} path of a document
 * @param {Awaited<ReturnType<typeof createConfig>>} config
 * @param {string} folder for generated clients
 */
async function faultsOf(path, config, folder) {
  const problems = await lint({ ref: path, config });
  const faults = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer})`);
  for (const [name, generate] of Object.entries(GENERATORS)) {
    try {
      await generate(path, folder);
    } catch (error) {
      faults.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return faults;
}

const config = await createConfig({ extends: ['recommended'] });
const folder = mkdtempSync(join(tmpdir(), 'level-one-clients-'));
try {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  for (const name of names) {
    const faults = await faultsOf(join(FOLDER, name), config, join(folder, name));
    for (const fault of faults) process.stderr.write(`${name}: ${fault}\n`);
    if (faults.length > 0) process.exitCode = 1;
  }
  if (!process.exitCode) process.stdout.write(`${names.length} OpenAPI documents without faults\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
