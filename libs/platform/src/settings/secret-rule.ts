import { createHash } from 'node:crypto';

export const SECRET_LENGTH_MIN = 16;
const DIFFERENT_CHARACTERS_MIN = 6;
/** A text that repeats after at most this many characters is a pattern. */
const PATTERN_LENGTH_MAX = 10;

/**
 * Purposes of the demo network's long secrets. They are published and stable, so that work continues after a restart.
 */
const DEMO_PURPOSES = [
  'tokens dfsp1',
  'tokens dfsp2',
  'tokens central',
  'receiver dfsp1',
  'receiver dfsp2',
  'signing dfsp1',
  'signing dfsp2',
] as const;

/** The demo network's secret for a purpose: 64 hexadecimal characters. */
export function demoSecretFor(purpose: (typeof DEMO_PURPOSES)[number]): string {
  return createHash('sha256').update(`level-one demo network: ${purpose}`).digest('hex');
}

const DEMO_SECRETS: ReadonlySet<string> = new Set(DEMO_PURPOSES.map(demoSecretFor));
const BASE64_OF_32_BYTES = /^[\w+/-]{43}=?$/;
/** Names and passwords of the demo network, of its people, roles and ledger accounts. */
const DEMO_PASSWORD = /^(admin|test|123|alice|bob|carol|dave|erin|frank|(dfsp\d+|centre)(-[a-z-]+)?|demo[\w-]*)$/i;

/**
 * The rule for secrets outside the demo network.
 * @param name the owner's name, which must not be the secret.
 * @returns what is wrong with it; undefined if it may be used.
 */
export function secretProblem(secret: string, name?: string): string | undefined {
  if (DEMO_PASSWORD.test(secret) || DEMO_SECRETS.has(hexadecimalOf(secret))) {
    return 'is a published secret of the demo network';
  }
  if (secret.length < SECRET_LENGTH_MIN) return `is shorter than ${SECRET_LENGTH_MIN} characters`;
  if (new Set(secret).size < DIFFERENT_CHARACTERS_MIN || isPattern(secret)) return 'is a pattern that repeats itself';
  if (name !== undefined && secret.toLowerCase() === name.toLowerCase()) return 'is the same as its name';
  return undefined;
}

/** Secrets of bytes may be written in hexadecimal or base64. */
function hexadecimalOf(secret: string): string {
  return BASE64_OF_32_BYTES.test(secret) ? Buffer.from(secret, 'base64').toString('hex') : secret.toLowerCase();
}

function isPattern(text: string): boolean {
  const longest = Math.max(PATTERN_LENGTH_MAX, text.length / 2);
  for (let length = 1; length <= longest && length < text.length; length++) {
    if (text.startsWith(text.slice(length))) return true;
  }
  return false;
}
