import { describe, expect, it } from '@jest/globals';
import { isReceiverToken, newReceiverToken } from './receiver-token.js';

const SECRET = Buffer.alloc(32, 1);

describe('receiver tokens', () => {
  it('F1: are recognised by their maker, for their account, and by nobody else', () => {
    const token = newReceiverToken(SECRET, 'bob');
    expect(token).toMatch(/^[\w-]{38}$/);
    expect(isReceiverToken(SECRET, 'bob', token)).toBe(true);
    expect(isReceiverToken(SECRET, 'eve', token)).toBe(false);
    expect(isReceiverToken(Buffer.alloc(32, 2), 'bob', token)).toBe(false);
    expect(newReceiverToken(SECRET, 'bob')).not.toBe(token);
  });

  it('F1: have one spelling, and no shape makes one', () => {
    const token = newReceiverToken(SECRET, 'bob');
    const changed = (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
    for (const other of ['', 'x', changed, `${token}=`, `${token}A`, token.slice(1), 'A'.repeat(38), 'é'.repeat(38)]) {
      expect([other, isReceiverToken(SECRET, 'bob', other)]).toEqual([other, false]);
    }
  });
});
