import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decodePskData, encodePskData, PskError } from './psk.js';

const PAYMENT_ID = 'b9c4ceba-51e4-4a80-b1a7-2972383e98af';
const NONCE = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');

/** Whether the data is refused the documented way; any other failure is thrown on. */
function refuses(data: Buffer): boolean {
  try {
    decodePskData(data);
    return false;
  } catch (error) {
    if (error instanceof PskError) return true;
    throw error;
  }
}

describe('psk data', () => {
  it('is the text of the contract', () => {
    const data = encodePskData({
      paymentId: PAYMENT_ID,
      nonce: NONCE,
      privateHeaders: { 'Expires-At': '2017-03-01T10:00:00.000Z', 'Sender-Identifier': '78956562' },
      body: '{"memo":"tea"}',
    });
    expect(data.toString('utf8')).toBe(
      'PSK/1.0\nNonce: AAECAwQFBgcICQoLDA0ODw\nEncryption: none\n' +
        `Payment-Id: ${PAYMENT_ID}\n\n` +
        'Expires-At: 2017-03-01T10:00:00.000Z\nSender-Identifier: 78956562\n\n{"memo":"tea"}',
    );
    expect(decodePskData(data)).toEqual({
      version: '1.0',
      publicHeaders: { Nonce: 'AAECAwQFBgcICQoLDA0ODw', Encryption: 'none', 'Payment-Id': PAYMENT_ID },
      privateHeaders: { 'Expires-At': '2017-03-01T10:00:00.000Z', 'Sender-Identifier': '78956562' },
      body: Buffer.from('{"memo":"tea"}'),
      paymentId: PAYMENT_ID,
    });
  });

  it('round-trips any headers and body', () => {
    const names = fc.stringMatching(/^X-[a-z]{1,8}$/);
    const values = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/\p{Cc}/gu, '').trim());
    const bodies = fc.uint8Array({ maxLength: 100 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.uuid(), fc.dictionary(names, values), bodies, (paymentId, privateHeaders, body) => {
        const read = decodePskData(encodePskData({ paymentId, nonce: NONCE, privateHeaders, body }));
        expect(read.privateHeaders).toEqual({ ...privateHeaders });
        expect(read.body).toEqual(body);
        expect(read.paymentId).toBe(paymentId);
      }),
    );
  });

  it('keeps a body that begins with line breaks, without any private header', () => {
    const body = Buffer.from('\n\nbody\n');
    const data = encodePskData({ paymentId: PAYMENT_ID, nonce: NONCE, privateHeaders: {}, body });
    expect(decodePskData(data)).toMatchObject({ privateHeaders: {}, body });
  });

  it('finds the payment id in any case of its header, and reads data without one', () => {
    const id = PAYMENT_ID.toUpperCase();
    expect(decodePskData(Buffer.from(`PSK/1.0\nencryption: None\npayment-id:${id}\n\n\n`)).paymentId).toBe(PAYMENT_ID);
    expect(decodePskData(Buffer.from('PSK/1.0\nEncryption: none\n\n\n'))).not.toHaveProperty('paymentId');
  });

  it.each([
    ['nothing', ''],
    ['another version', 'PSK/2.0\nEncryption: none\n\n\n'],
    ['no end of the public headers', 'PSK/1.0\nEncryption: none\n'],
    ['no end of the private headers', 'PSK/1.0\nEncryption: none\n\nA: b\n'],
    ['encryption', 'PSK/1.0\nEncryption: aes-256-gcm abc\n\n\n'],
    ['no word on encryption', 'PSK/1.0\nNonce: abc\n\n\n'],
    ['a header without a colon', 'PSK/1.0\nEncryption: none\nNonce\n\n\n'],
    ['a header without a name', 'PSK/1.0\nEncryption: none\n: x\n\n\n'],
    ['an odd header name', 'PSK/1.0\nEncryption: none\n__proto__: x\n\n\n'],
    ['a header twice', 'PSK/1.0\nEncryption: none\nencryption: none\n\n\n'],
    ['a payment id that is no UUID', 'PSK/1.0\nEncryption: none\nPayment-Id: 1\n\n\n'],
  ])('does not read %s', (_name, text) => {
    expect(() => decodePskData(Buffer.from(text))).toThrow(PskError);
  });

  it('does not read headers that are not UTF-8', () => {
    const text = Buffer.from('PSK/1.0\nEncryption: none\n\nA: \xff\n\n', 'latin1');
    expect(() => decodePskData(text)).toThrow(PskError);
  });

  it.each([
    ['a bad payment id', { paymentId: '1' }],
    ['a short nonce', { nonce: Buffer.alloc(8) }],
    ['a header with a line break', { privateHeaders: { A: 'b\nC: d' } }],
    ['a header name with a line break', { privateHeaders: { 'A\nB': 'c' } }],
  ])('does not write %s', (_name, change) => {
    const input = { paymentId: PAYMENT_ID, nonce: NONCE, privateHeaders: {}, body: '', ...change };
    expect(() => encodePskData(input)).toThrow(PskError);
  });

  it('refuses random bytes with a PskError', () => {
    const nearby = fc.string().map((text) => `PSK/1.0\nEncryption: none\n${text}\n\n`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearby), (text) => {
        expect(() => refuses(Buffer.from(text))).not.toThrow();
      }),
    );
  });
});
