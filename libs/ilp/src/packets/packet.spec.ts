import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decodePacket, encodePacket, type IlpPacket, PacketError, packetFromText, packetToText } from './packet.js';

const segment = fc.stringMatching(/^[a-zA-Z0-9_~-]{1,12}$/);
const packets = fc.record({
  amount: fc.bigInt(0n, 2n ** 64n - 1n),
  address: fc.array(segment, { minLength: 2, maxLength: 20 }).map((segments) => segments.join('.')),
  data: fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array)),
});

/** The packet, or undefined when the bytes are refused the documented way; any other failure is thrown on. */
function readOrRefuse(bytes: Buffer): IlpPacket | undefined {
  try {
    return decodePacket(bytes);
  } catch (error) {
    if (error instanceof PacketError) return undefined;
    throw error;
  }
}

describe('packet', () => {
  it('has the layout of the contract vector: 394 bytes with a 58-character address and 319 bytes of data', () => {
    const address = 'levelone.dfsp1.PerfTest3.NuilFWTj3N8K6uM3EJk3nbdWb_MKBJpkQ';
    const bytes = encodePacket({ amount: 1000n, address, data: Buffer.alloc(319, 'x') });
    expect(bytes).toHaveLength(394);
    expect(bytes.subarray(0, 4).toString('hex')).toBe('01820186');
    expect(bytes.subarray(4, 12).toString('hex')).toBe('00000000000003e8');
    expect(bytes.readUInt8(12)).toBe(58);
    expect(bytes.subarray(13, 71).toString('latin1')).toBe(address);
    expect(bytes.subarray(71, 74).toString('hex')).toBe('82013f');
    expect(bytes.subarray(74, 393).toString('latin1')).toBe('x'.repeat(319));
    expect(bytes.readUInt8(393)).toBe(0);
  });

  it('writes what other implementations write', () => {
    const packet = { amount: 123_000_000n, address: 'g.us.nexus.bob', data: Buffer.from('BBBB', 'base64url') };
    const hex = '011c000000000754d4c00e672e75732e6e657875732e626f620304104100';
    expect(encodePacket(packet).toString('hex')).toBe(hex);
    expect(decodePacket(Buffer.from(hex, 'hex'))).toEqual(packet);
  });

  it('round-trips, as bytes and as text', () => {
    fc.assert(
      fc.property(packets, (packet) => {
        const bytes = encodePacket(packet);
        expect(decodePacket(bytes)).toEqual(packet);
        expect(packetToText(bytes)).toMatch(/^[\w-]+$/);
        expect(packetFromText(packetToText(bytes))).toEqual(bytes);
        expect(packetFromText(bytes.toString('base64'))).toEqual(bytes);
      }),
    );
  });

  it.each([
    ['a negative amount', -1n, 'levelone.dfsp1.alice'],
    ['an amount over 64 bits', 2n ** 64n, 'levelone.dfsp1.alice'],
    ['a bad address', 1n, 'levelone.dfsp1.'],
  ])('does not write %s', (_name, amount, address) => {
    expect(() => encodePacket({ amount, address, data: Buffer.alloc(0) })).toThrow(PacketError);
  });

  it.each([
    ['nothing', ''],
    ['another type', '021c000000000754d4c00e672e75732e6e657875732e626f620304104100'],
    ['bytes behind', '011c000000000754d4c00e672e75732e6e657875732e626f62030410410000'],
    ['bytes behind the extensions', '011d000000000754d4c00e672e75732e6e657875732e626f62030410410000'],
    ['extensions', '011c000000000754d4c00e672e75732e6e657875732e626f620304104101'],
    ['no extensions byte', '011b000000000754d4c00e672e75732e6e657875732e626f6203041041'],
    ['a length that is not minimal', '01811c000000000754d4c00e672e75732e6e657875732e626f620304104100'],
    ['an address that is none', '011c000000000754d4c00e672e75732e6e657875732e622f620304104100'],
    ['an address outside ASCII', '011c000000000754d4c00e672e75732e6e657875732e62e9620304104100'],
    ['data beyond the end', '011c000000000754d4c00e672e75732e6e657875732e626f620404104100'],
    ['a length of the whole address space', '0184ffffffff00'],
    ['a length of eight bytes', '0188ffffffffffffffff00'],
  ])('does not read %s', (_name, hex) => {
    expect(() => decodePacket(Buffer.from(hex, 'hex'))).toThrow(PacketError);
  });

  it('refuses changed bytes with a PacketError, or reads their values', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(packets, changes, fc.option(fc.nat()), (packet, bytesToSet, cutAt) => {
        const bytes = encodePacket(packet);
        for (const [position, value] of bytesToSet) bytes.writeUInt8(value, position % bytes.length);
        const changed = cutAt === null ? bytes : bytes.subarray(0, cutAt % bytes.length);
        const read = readOrRefuse(changed);
        expect(read === undefined || encodePacket(read).equals(changed)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses random bytes with a PacketError', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (array) => {
        expect(() => readOrRefuse(Buffer.from(array))).not.toThrow();
      }),
    );
  });

  it.each(['A', 'AA=', 'AA===', 'AAA==', 'A A', 'AB', 'é', 'AAAA\n'])('refuses %p, which is not base64', (text) => {
    expect(() => packetFromText(text)).toThrow(PacketError);
  });

  it('reads the padded sample of the second source document', () => {
    expect(packetFromText('c29tZSBpcHIgaGVyZQ==').toString('utf8')).toBe('some ipr here');
    expect(() => packetFromText(null as unknown as string)).toThrow(PacketError);
  });
});
