import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { accountOf, AddressError, isIlpAddress, isUnderPrefix, joinAddress } from './address.js';

describe('isIlpAddress', () => {
  it.each<[unknown, boolean]>([
    ['levelone.dfsp1.alice', true],
    ['levelone.dfsp2.bob.NuilFWTj3N8K6uM3EJk3nbdWb_MKBJpkQ', true],
    ['private.l1p.ZZZ.dfsp1.dfsp1-testconnector', true],
    ['g.a~b', true],
    [`g.${'a'.repeat(1021)}`, true],
    [`g.${'a'.repeat(1022)}`, false],
    ['levelone', false],
    ['levelone.dfsp1.', false],
    ['.levelone.dfsp1', false],
    ['levelone..dfsp1', false],
    ['levelone.dfsp1.a/b', false],
    ['levelone.dfsp1.alice\n', false],
    ['', false],
    [undefined, false],
  ])('%p: %p', (value, expected) => {
    expect(isIlpAddress(value)).toBe(expected);
  });
});

describe('prefixes', () => {
  it('match whole segments', () => {
    expect(isUnderPrefix('levelone.dfsp1.alice', 'levelone.dfsp1.')).toBe(true);
    expect(isUnderPrefix('levelone.dfsp10.alice', 'levelone.dfsp1.')).toBe(false);
    expect(isUnderPrefix('levelone.dfsp10.alice', 'levelone.dfsp1')).toBe(false);
    expect(isUnderPrefix('levelone.dfsp1.', 'levelone.dfsp1.')).toBe(false);
  });

  it('are followed by the account, with or without a token', () => {
    expect(accountOf('levelone.dfsp1.alice', 'levelone.dfsp1.')).toBe('alice');
    expect(accountOf('levelone.dfsp1.alice.token', 'levelone.dfsp1.')).toBe('alice');
    expect(accountOf('levelone.dfsp2.alice', 'levelone.dfsp1.')).toBeUndefined();
    expect(accountOf('levelone.dfsp1.', 'levelone.dfsp1.')).toBeUndefined();
    expect(accountOf('levelone.dfsp1.a b', 'levelone.dfsp1.')).toBeUndefined();
  });
});

describe('joinAddress', () => {
  it('is the inverse of accountOf', () => {
    const segment = fc.stringMatching(/^[a-zA-Z0-9_~-]{1,20}$/);
    fc.assert(
      fc.property(segment, fc.option(segment, { nil: undefined }), (account, token) => {
        const address = joinAddress('levelone.dfsp1.', account, token);
        expect(isIlpAddress(address)).toBe(true);
        expect(accountOf(address, 'levelone.dfsp1.')).toBe(account);
      }),
    );
    expect(joinAddress('levelone.dfsp2.', 'bob', 'token')).toBe('levelone.dfsp2.bob.token');
  });

  it.each([
    ['levelone.dfsp1', 'alice', undefined],
    ['', 'alice', undefined],
    ['levelone.dfsp1.', '', undefined],
    ['levelone.dfsp1.', 'alice.x', undefined],
    ['levelone.dfsp1.', 'alice', ''],
    ['levelone.dfsp1.', 'alice', 'a.b'],
    ['level one.', 'alice', undefined],
  ])('refuses %p, %p, %p', (prefix, account, token) => {
    expect(() => joinAddress(prefix, account, token)).toThrow(AddressError);
  });
});
