#!/usr/bin/env node
/**
 * Writes docker/.env: a random value for every secret that docker/compose.yaml asks for, and the public key of every
 * ledger's signing key. What is there stays as it is, for the database and the accounts in it were made with it.
 */
import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const COMPOSE = join(import.meta.dirname, 'compose.yaml');
const ENV = join(import.meta.dirname, '.env');
const SECRET_BYTES = 32;
/** What precedes the seed of an Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8_PREFIX = '302e020100300506032b657004220420';

const asked = new Set(Array.from(readFileSync(COMPOSE, 'utf8').matchAll(/\$\{([A-Z0-9_]+):\?/g), ([, name]) => name));
const text = existsSync(ENV)
  ? readFileSync(ENV, 'utf8')
  : '# Secrets of the network in containers. Keep it to yourself.\n';
const values = new Map(Array.from(text.matchAll(/^([A-Z0-9_]+)=(.*)$/gm), ([, name, value]) => [name, value]));
const kept = values.size;

function publicKeyOf(seed) {
  const key = createPrivateKey({ key: Buffer.from(PKCS8_PREFIX + seed, 'hex'), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ format: 'jwk' }).x;
}

const missing = [...asked].filter((name) => !values.has(name)).toSorted();
const isPublic = (name) => name.endsWith('_PUBLIC_KEY');
for (const name of missing.filter((one) => !isPublic(one))) {
  values.set(name, randomBytes(SECRET_BYTES).toString('hex'));
}
for (const name of missing.filter(isPublic)) {
  values.set(name, publicKeyOf(values.get(name.replace('_PUBLIC_KEY', '_SIGNING_KEY'))));
}
const lines = missing.map((name) => `${name}=${values.get(name)}\n`);

// Compose cannot encode: the header by which roles send their spans to the console is made here.
const HEADERS = 'OTEL_EXPORTER_OTLP_HEADERS';
if (!values.has(HEADERS)) {
  const basic = `Basic ${Buffer.from(`traces:${values.get('TRACES_PASSWORD')}`).toString('base64')}`;
  lines.push(`${HEADERS}=authorization=${encodeURIComponent(basic)}\n`);
}
writeFileSync(ENV, text.replace(/\n?$/, '\n') + lines.join(''), { mode: 0o600 });
process.stdout.write(`docker/.env: ${missing.length} values made, ${kept} kept\n`);
