import { describe, expect, it } from '@jest/globals';
import { publicKeyOf, SigningKey } from './signing-key.js';
import { signDocument, signedDocument } from './signed-document.js';

const KEY = SigningKey.of('ledger', '01'.repeat(32));
const OTHER = SigningKey.of('ledger', '02'.repeat(32));
const DOCUMENT = { id: 'a transfer', amount: '10.40', note: 'Žofie 🦊' };

const keyOf = ({ publicKey }: SigningKey) => publicKeyOf(publicKey)!;

describe('a signed document', () => {
  it('is read with the key that signed it, also among others', () => {
    const text = signDocument(KEY, DOCUMENT);
    expect(signedDocument(text, [keyOf(OTHER), keyOf(KEY)])).toEqual(DOCUMENT);
    expect(signDocument(KEY, DOCUMENT)).toBe(text);
  });

  it('is not read with another key, without a key, or once it was changed', () => {
    const text = signDocument(KEY, DOCUMENT);
    const [header, , signature] = text.split('.');
    const forged = Buffer.from(JSON.stringify({ ...DOCUMENT, amount: '99.00' })).toString('base64url');
    expect(signedDocument(text, [keyOf(OTHER)])).toBeUndefined();
    expect(signedDocument(text, [])).toBeUndefined();
    expect(signedDocument(`${header}.${forged}.${signature}`, [keyOf(KEY)])).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['no signature', 'a.b'],
    ['a text without form', 'not a signature'],
    ['too long a text', `${'a'.repeat(9_000)}.b.c`],
    [
      'an algorithm of no signature',
      signDocument(KEY, DOCUMENT).replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString('base64url')),
    ],
  ])('is no %s', (_, text) => {
    expect(signedDocument(text, [keyOf(KEY)])).toBeUndefined();
  });
});
