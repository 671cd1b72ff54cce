import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeIlqp, encodeIlqp, type IlqpPacket, isIlqpRequest } from './ilqp.js';
import { PacketError } from './packet.js';

const TIME = new Date('2026-11-28T15:00:00.123Z');

/** Written by ilp-packet 1.3.0. */
const VECTORS: [string, IlqpPacket][] = [
  [
    '021e186c6576656c6f6e652e64667370322e626f622e746f6b656e0000271000',
    { type: 'liquidityRequest', destination: 'levelone.dfsp2.bob.token', destinationHoldMs: 10_000 },
  ],
  [
    '034b01020000000000000000000000000000000000000000000f424000000000000f3e580f6c6576656c6f6e652e64667370322e00002af8' +
      '1332303236313132383135303030302e3132335a00',
    {
      type: 'liquidityResponse',
      curve: [
        { source: 0n, destination: 0n },
        { source: 1_000_000n, destination: 999_000n },
      ],
      prefix: 'levelone.dfsp2.',
      sourceHoldMs: 11_000,
      expiresAt: TIME,
    },
  ],
  [
    '0420126c6576656c6f6e652e64667370322e626f62002000000000000100000bb800',
    {
      type: 'bySourceRequest',
      destination: 'levelone.dfsp2.bob',
      sourceAmount: 9_007_199_254_740_993n,
      destinationHoldMs: 3_000,
    },
  ],
  ['050d000000000000041000000fa000', { type: 'bySourceResponse', destinationAmount: 1_040n, sourceHoldMs: 4_000 }],
  [
    '0620126c6576656c6f6e652e64667370322e626f6200000000000004100000271000',
    {
      type: 'byDestinationRequest',
      destination: 'levelone.dfsp2.bob',
      destinationAmount: 1_040n,
      destinationHoldMs: 10_000,
    },
  ],
  ['070d000000000000041300002af800', { type: 'byDestinationResponse', sourceAmount: 1_043n, sourceHoldMs: 11_000 }],
  [
    '08694630320b556e726561636861626c65186c6576656c6f6e652e64667370312e636f6e6e6563746f720101126c6576656c6f6e652e6973' +
      '742e64667370321332303236313132383135303030302e3132335a167b226d657373616765223a224e6f20726f757465227d00',
    {
      type: 'error',
      code: 'F02',
      name: 'Unreachable',
      triggeredBy: 'levelone.dfsp1.connector',
      forwardedBy: ['levelone.ist.dfsp2'],
      triggeredAt: TIME,
      data: '{"message":"No route"}',
    },
  ],
];

/** The packet, or undefined when the bytes are refused the documented way. */
function readOrRefuse(bytes: Buffer): IlqpPacket | undefined {
  try {
    return decodeIlqp(bytes);
  } catch (error) {
    if (error instanceof PacketError) return undefined;
    throw error;
  }
}

describe('binary quoting packets', () => {
  it.each(VECTORS)('F3: %s is written and read as other implementations do', (hex, packet) => {
    expect(encodeIlqp(packet).toString('hex')).toBe(hex);
    expect(decodeIlqp(Buffer.from(hex, 'hex'))).toEqual(packet);
    expect(isIlqpRequest(packet)).toBe(packet.type.endsWith('Request'));
  });

  it('refuses changed bytes with a PacketError, or reads them', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.nat(VECTORS.length - 1), changes, fc.option(fc.nat()), (index, bytesToSet, cutAt) => {
        const bytes = Buffer.from(VECTORS[index]![0], 'hex');
        for (const [position, value] of bytesToSet) bytes.writeUInt8(value, position % bytes.length);
        expect(() => readOrRefuse(cutAt === null ? bytes : bytes.subarray(0, cutAt % bytes.length))).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
    fc.assert(fc.property(fc.uint8Array(), (array) => expect(() => readOrRefuse(Buffer.from(array))).not.toThrow()));
  });

  it.each([
    ['a payment packet', '011c000000000754d4c00e672e75732e6e657875732e626f620304104100'],
    ['more points than fit', '030702ffff00000000'],
    ['bytes behind', '050d000000000000041000000fa00000'],
    ['an address that is none', '021206782e2e622e2e0000271000'],
  ])('refuses %s', (_what, hex) => {
    expect(() => decodeIlqp(Buffer.from(hex, 'hex'))).toThrow(PacketError);
  });

  it('refuses to write numbers that do not fit', () => {
    expect(() => encodeIlqp({ type: 'bySourceResponse', destinationAmount: 2n ** 64n, sourceHoldMs: 1 })).toThrow(
      PacketError,
    );
    expect(() => encodeIlqp({ type: 'bySourceResponse', destinationAmount: 1n, sourceHoldMs: 2 ** 32 })).toThrow(
      PacketError,
    );
  });
});
