#!/usr/bin/env node
/**
 * Writes docker/.env: a random value for every secret that docker/compose.yaml asks for. What is there stays as it is,
 * for the database and the accounts in it were made with it.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const COMPOSE = join(import.meta.dirname, 'compose.yaml');
const ENV = join(import.meta.dirname, '.env');
const SECRET_BYTES = 32;

const asked = new Set(Array.from(readFileSync(COMPOSE, 'utf8').matchAll(/\$\{([A-Z0-9_]+)/g), ([, name]) => name));
const text = existsSync(ENV)
  ? readFileSync(ENV, 'utf8')
  : '# Secrets of the network in containers. Keep it to yourself.\n';
const given = new Set(Array.from(text.matchAll(/^([A-Z0-9_]+)=/gm), ([, name]) => name));

const missing = [...asked].filter((name) => !given.has(name)).toSorted();
const lines = missing.map((name) => `${name}=${randomBytes(SECRET_BYTES).toString('hex')}\n`);
writeFileSync(ENV, text.replace(/\n?$/, '\n') + lines.join(''), { mode: 0o600 });
process.stdout.write(`docker/.env: ${missing.length} secrets made, ${given.size} kept\n`);
