import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** 16 MB and some 50 ms of one core for each hash. */
const COST = { N: 16_384, r: 8, p: 1 };
const REMEMBER_MS = 60_000;
const REMEMBERED_MAX = 10_000;

function derive(secret: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, KEY_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Hash of a password to be stored: `scrypt$<salt>$<key>`, both base64url. */
export async function hashSecret(secret: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(secret, salt);
  return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Is this the secret that {@link hashSecret} was given? False for a stored text of another form. */
export async function matchesHash(secret: string, stored: string): Promise<boolean> {
  const [scheme, salt, key] = stored.split('$');
  if (scheme !== 'scrypt' || !salt || !key) return false;
  const expected = Buffer.from(key, 'base64url');
  const given = await derive(secret, Buffer.from(salt, 'base64url'));
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/**
 * Credentials that were found right a moment ago, so that not every request pays for a password hash (ruling 16).
 * Kept at most 60 s, under a digest whose key lives only in this object: a memory dump shows no password.
 */
export class VerifiedCredentials<Owner> {
  private readonly digestKey = randomBytes(KEY_BYTES);
  private readonly owners = new Map<string, { owner: Owner; until: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  find(name: string, secret: string): Owner | undefined {
    const digest = this.digest(name, secret);
    const found = this.owners.get(digest);
    if (found && this.now() < found.until) return found.owner;
    this.owners.delete(digest);
    return undefined;
  }

  remember(name: string, secret: string, owner: Owner): void {
    const oldest = this.owners.keys().next();
    if (this.owners.size >= REMEMBERED_MAX && !oldest.done) this.owners.delete(oldest.value);
    this.owners.set(this.digest(name, secret), { owner, until: this.now() + REMEMBER_MS });
  }

  /** After a password was changed or an account closed. */
  forgetAll(): void {
    this.owners.clear();
  }

  private digest(name: string, secret: string): string {
    return createHmac('sha256', this.digestKey)
      .update(JSON.stringify([name, secret]))
      .digest('base64url');
  }
}
