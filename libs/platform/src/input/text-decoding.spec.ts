import { describe, expect, it } from '@jest/globals';
import { decodeReplacing, decodeText } from './text-decoding.js';

const TEXT = 'café';

function refusal(bytes: Uint8Array, contentType?: string): object {
  try {
    return { text: decodeText(bytes, contentType) };
  } catch (error) {
    const { status, id } = error as { status: number; id: string };
    return { status, id };
  }
}

/** UTF-16 in big-endian order. */
function bigEndian(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

describe('field K: texts in their encodings', () => {
  it.each([
    [undefined, Buffer.from(TEXT)],
    ['application/json; charset=utf-8', Buffer.from(TEXT)],
    ['text/csv;charset="UTF8"; header=present', Buffer.from(TEXT)],
    ['text/csv; Charset=ISO-8859-1', Buffer.from(TEXT, 'latin1')],
    ['text/csv; charset=windows-1252', Buffer.from(TEXT, 'latin1')],
    ['text/csv; charset=utf-16le', Buffer.from(TEXT, 'utf16le')],
    ['text/csv; charset=utf-16', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['text/csv; charset=utf-16', bigEndian(`\ufeff${TEXT}`)],
    ['text/csv; charset=utf-16be', bigEndian(TEXT)],
    ['text/csv', Buffer.from(`\ufeff${TEXT}`)],
    ['text/csv', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['text/csv', bigEndian(`\ufeff${TEXT}`)],
  ])('are decoded as %s', (contentType, bytes) => {
    expect(decodeText(bytes, contentType)).toBe(TEXT);
  });

  it('are refused if the charset is unknown', () => {
    for (const charset of ['utf-7', 'ebcdic', 'utf-32', 'constructor', '"'])
      expect(refusal(Buffer.from('x'), `application/json; charset=${charset}`)).toEqual({
        status: 415,
        id: 'UnsupportedMediaTypeError',
      });
  });

  it('are refused, not damaged, if the bytes are not valid in the charset', () => {
    const bad = { status: 400, id: 'InvalidBodyError' };
    expect(refusal(Buffer.from(TEXT, 'latin1'))).toEqual(bad);
    expect(refusal(Buffer.from(TEXT), 'text/plain; charset=us-ascii')).toEqual(bad);
    expect(refusal(Buffer.from([0x61]), 'text/plain; charset=utf-16le')).toEqual(bad);
    expect(refusal(Buffer.from([0x00, 0xd8]), 'text/plain; charset=utf-16le')).toEqual(bad);
    expect(refusal(Buffer.from('plain'), 'text/plain; charset=us-ascii')).toEqual({ text: 'plain' });
  });

  it('have U+FFFD where they cannot be read or stored, if they are lists', () => {
    expect(decodeReplacing(Buffer.from('1,José\n2,a\0b\n', 'latin1'), 'text/csv')).toBe('1,Jos\ufffd\n2,a\ufffdb\n');
    expect(decodeReplacing(Buffer.from([0x61, 0, 0, 0xd8]), 'text/csv; charset=utf-16le')).toBe('a\ufffd');
    expect(decodeReplacing(Buffer.from('José', 'latin1'), 'text/csv; charset=us-ascii')).toBe('Jos\ufffd');
    expect(decodeReplacing(Buffer.from(TEXT, 'latin1'), 'text/csv; charset=latin1')).toBe(TEXT);
    expect(() => decodeReplacing(Buffer.from('x'), 'text/csv; charset=utf-7')).toThrow('charset');
  });
});
