import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeIpr, encodeIpr, IprError } from './ipr.js';

const buffers = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));

describe('payment request', () => {
  it('is version, condition and length-prefixed packet', () => {
    const ipr = encodeIpr({ condition: Buffer.alloc(32, 1), packet: Buffer.from([9, 8]) });
    expect(Buffer.from(ipr, 'base64url').toString('hex')).toBe(`02${'01'.repeat(32)}020908`);
  });

  it('round-trips, with padding and the other alphabet too', () => {
    fc.assert(
      fc.property(buffers(32, 32), buffers(0, 300), (condition, packet) => {
        const text = encodeIpr({ condition, packet });
        expect(text).toMatch(/^[\w-]+$/);
        expect(decodeIpr(text)).toEqual({ condition, packet });
        expect(decodeIpr(Buffer.from(text, 'base64url').toString('base64'))).toEqual({ condition, packet });
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['no base64url', 'not base64url!'],
    ['the sample of the second contract', 'c29tZSBpcHIgaGVyZQ=='],
    ['another version', Buffer.from(`01${'01'.repeat(32)}00`, 'hex').toString('base64url')],
    ['a short condition', Buffer.from(`02${'01'.repeat(31)}`, 'hex').toString('base64url')],
    ['a short packet', Buffer.from(`02${'01'.repeat(32)}0209`, 'hex').toString('base64url')],
    ['bytes behind', Buffer.from(`02${'01'.repeat(32)}010908`, 'hex').toString('base64url')],
  ])('does not read %s', (_name, text) => {
    expect(() => decodeIpr(text)).toThrow(IprError);
  });

  it('refuses to write a condition of another length, and to read a value that is no text', () => {
    expect(() => encodeIpr({ condition: Buffer.alloc(31), packet: Buffer.alloc(1) })).toThrow(IprError);
    expect(() => decodeIpr(7 as unknown as string)).toThrow(IprError);
  });
});
