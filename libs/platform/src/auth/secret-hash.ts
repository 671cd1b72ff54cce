import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';

const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Each hash takes 16 MB and some 50 ms of one core. */
const COST = { N: 16_384, r: 8, p: 1 };
/** Bounds of the cost read from a stored hash, as multiples of {@link COST}. */
const COST_MAX = { N: COST.N * 8, r: COST.r * 2, p: 4 };

/**
 * Limits the hashes computed at the same time in this process, for all its roles. Node computes them on the four
 * threads that file access and name resolution use too, and one core must stay free.
 */
const lanes = pLimit(Math.max(1, Math.min(2, availableParallelism() - 1)));

interface StoredHash {
  cost: typeof COST;
  salt: Buffer;
  key: Buffer;
}

function deriveKey(secret: string, salt: Buffer, bytes: number, cost: typeof COST): Promise<Buffer> {
  return lanes(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        const options = { ...cost, maxmem: 256 * cost.N * cost.r };
        scrypt(secret, salt, bytes, options, (error, key) => (error ? reject(error) : resolve(key)));
      }),
  );
}

/** Hashes a secret for storage: `scrypt$<N>$<r>$<p>$<salt>$<key>`, salt and key in base64. */
export async function hashSecret(secret: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await deriveKey(secret, salt, KEY_BYTES, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** Whether a secret matches a stored hash. False if the stored text has another form. */
export async function matchesHash(secret: string, stored: string): Promise<boolean> {
  const hash = parseHash(stored);
  if (!hash) return false;
  return timingSafeEqual(hash.key, await deriveKey(secret, hash.salt, hash.key.length, hash.cost));
}

/** Parses both stored forms: that of {@link hashSecret}, and the older `scrypt$<salt>$<key>`. */
function parseHash(stored: string): StoredHash | undefined {
  const [scheme, ...parts] = stored.split('$');
  if (scheme !== 'scrypt' || (parts.length !== 2 && parts.length !== 5)) return undefined;
  const [salt, key] = parts.slice(-2).map((text) => Buffer.from(text, 'base64'));
  const [N, r, p] = parts.length === 2 ? [COST.N, COST.r, COST.p] : parts.map(Number);
  if (!salt?.length || !key || key.length < KEY_BYTES) return undefined;
  if (!isCost(N, COST_MAX.N) || !isCost(r, COST_MAX.r) || !isCost(p, COST_MAX.p)) return undefined;
  return { cost: { N, r, p }, salt, key };
}

function isCost(value: number | undefined, max: number): value is number {
  return Number.isInteger(value) && value! >= 1 && value! <= max;
}
