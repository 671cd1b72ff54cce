import { describe, expect, it } from '@jest/globals';
import { revocationMemo, revocationOf } from './invoice-memo.js';

describe('a memo', () => {
  it.each(['cancelled', 'rejected'] as const)('can revoke an invoice: %s', (status) => {
    expect(revocationOf(revocationMemo(status))).toBe(status);
    expect(revocationOf(` { "status" : "${status}", "by": "somebody" } `)).toBe(status);
  });

  it.each([
    '',
    'Lunch',
    'cancelled',
    '"cancelled"',
    '["cancelled"]',
    '{"status":"paid"}',
    '{"status":["cancelled"]}',
    '{"status":null}',
    '{"state":"cancelled"}',
    '{"status":"cancelled"',
    'null',
    '{',
  ])('is plain text otherwise: %s', (memo) => {
    expect(revocationOf(memo)).toBeUndefined();
  });
});
