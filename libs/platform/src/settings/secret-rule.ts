import { createHash } from 'node:crypto';

export const SECRET_LENGTH_MIN = 16;
const DIFFERENT_CHARACTERS_MIN = 6;
/** A text that repeats itself after so few characters is a pattern. */
const PATTERN_LENGTH_MAX = 10;

/** What the demo network needs long secrets for. They are published, but stable: what was begun before a restart is finished after it. */
const DEMO_PURPOSES = [
  'tokens dfsp1',
  'tokens dfsp2',
  'tokens central',
  'receiver dfsp1',
  'receiver dfsp2',
  'signing dfsp1',
  'signing dfsp2',
] as const;

/** A long secret of the demo network. */
export function demoSecretFor(purpose: (typeof DEMO_PURPOSES)[number]): string {
  return createHash('sha256').update(`level-one demo network: ${purpose}`).digest('hex');
}

const DEMO_SECRETS: ReadonlySet<string> = new Set(DEMO_PURPOSES.map(demoSecretFor));
const BASE64_OF_32_BYTES = /^[\w+/-]{43}=?$/;
/** Names and passwords of the demo network, those of its roles and their ledger accounts among them. */
const DEMO_PASSWORD = /^(admin|test|123|alice|bob|carol|dave|erin|frank|(dfsp\d+|centre)(-[a-z-]+)?|demo[\w-]*)$/i;

/**
 * The one rule for secrets outside the demo network.
 * @param name of whom the secret is.
 * @returns what is wrong with it; undefined when it may be used.
 */
export function secretProblem(secret: string, name?: string): string | undefined {
  if (DEMO_PASSWORD.test(secret) || DEMO_SECRETS.has(hexadecimalOf(secret))) {
    return 'is a secret of the demo network, which everybody knows';
  }
  if (secret.length < SECRET_LENGTH_MIN) return `is shorter than ${SECRET_LENGTH_MIN} characters`;
  if (new Set(secret).size < DIFFERENT_CHARACTERS_MIN || isPattern(secret)) return 'is a pattern that repeats itself';
  if (name !== undefined && secret.toLowerCase() === name.toLowerCase()) return 'is the name that it belongs to';
  return undefined;
}

/** Some secrets are bytes, and may be written in either way. */
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
