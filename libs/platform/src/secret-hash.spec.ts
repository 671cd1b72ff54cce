import { describe, expect, it } from '@jest/globals';
import { hashSecret, matchesHash, VerifiedCredentials } from './secret-hash.js';

describe('a stored password', () => {
  it('is known again, and no other is', async () => {
    const stored = await hashSecret('open sesame');
    expect(stored).not.toContain('sesame');
    expect(await matchesHash('open sesame', stored)).toBe(true);
    expect(await matchesHash('open sesamE', stored)).toBe(false);
    expect(await matchesHash('', stored)).toBe(false);
  });

  it('has a hash of its own each time', async () => {
    expect(await hashSecret('same')).not.toBe(await hashSecret('same'));
  });

  it.each(['', 'open sesame', 'scrypt$', 'scrypt$$', 'md5$c2FsdA$a2V5'])(
    'that reads %j matches nothing',
    async (stored) => {
      expect(await matchesHash('open sesame', stored)).toBe(false);
    },
  );
});

describe('a verified credential', () => {
  it('is remembered for a minute at most', () => {
    let now = 0;
    const verified = new VerifiedCredentials<string>(() => now);
    verified.remember('dfsp1', 'secret', 'DFSP 1');
    now = 59_999;
    expect(verified.find('dfsp1', 'secret')).toBe('DFSP 1');
    now = 60_000;
    expect(verified.find('dfsp1', 'secret')).toBeUndefined();
  });

  it('is found by its name and its secret together', () => {
    const verified = new VerifiedCredentials<string>();
    verified.remember('a', 'bc', 'right');
    expect(verified.find('ab', 'c')).toBeUndefined();
    expect(verified.find('a', 'b')).toBeUndefined();
    verified.forgetAll();
    expect(verified.find('a', 'bc')).toBeUndefined();
  });

  it('makes room for new ones', () => {
    const verified = new VerifiedCredentials<number>();
    for (let i = 0; i <= 10_000; i++) verified.remember(`name${i}`, 'secret', i);
    expect(verified.find('name0', 'secret')).toBeUndefined();
    expect(verified.find('name10000', 'secret')).toBe(10_000);
  });
});
