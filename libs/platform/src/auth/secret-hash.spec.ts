import { describe, expect, it } from '@jest/globals';
import { hashSecret, matchesHash } from './secret-hash.js';

describe('a stored password', () => {
  it('matches its own hash, and no other password does', async () => {
    const stored = await hashSecret('open sesame');
    expect(stored).not.toContain('sesame');
    expect(await matchesHash('open sesame', stored)).toBe(true);
    expect(await matchesHash('open sesamE', stored)).toBe(false);
    expect(await matchesHash('', stored)).toBe(false);
  });

  it('has another hash each time', async () => {
    expect(await hashSecret('same')).not.toBe(await hashSecret('same'));
  });

  it('matches hashes of both stored forms', async () => {
    const [, , , , salt, key] = (await hashSecret('open sesame')).split('$');
    const older = ['scrypt', base64url(salt!), base64url(key!)].join('$');
    expect(await matchesHash('open sesame', older)).toBe(true);
    expect(await matchesHash('open sesamE', older)).toBe(false);
  });

  it.each([
    '',
    'open sesame',
    'scrypt$',
    'scrypt$$',
    'md5$c2FsdA$a2V5',
    'scrypt$16384$8$1$$',
    `scrypt$1073741824$8$1$c2FsdA$${'a'.repeat(43)}`,
    `scrypt$x$8$1$c2FsdA$${'a'.repeat(43)}`,
  ])('with the text %j matches nothing', async (stored) => {
    expect(await matchesHash('open sesame', stored)).toBe(false);
  });
});

function base64url(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64url');
}
