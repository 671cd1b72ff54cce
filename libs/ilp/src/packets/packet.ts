import { isIlpAddress } from './address.js';
import { fromAnyBase64, toBase64Url } from '../encoding/base64url.js';
import { lengthPrefixed, OctetReader } from '../encoding/octets.js';

/** An ILP payment packet (contract 3.8). */
export interface IlpPacket {
  /** The least amount that the receiver must get, in minor units of the destination ledger; 0 … 2^64 − 1. */
  amount: bigint;
  /** ILP address of the destination account. */
  address: string;
  /** End-to-end data, see `decodePskData`. */
  data: Buffer;
}

/** The bytes or text are no ILP payment packet; ILP code F01 on the wire. */
export class PacketError extends Error {
  constructor(problem: string) {
    super(`Not an ILP packet: ${problem}`);
    this.name = 'PacketError';
  }
}

const PAYMENT_TYPE = 0x01;
const NO_EXTENSIONS = 0x00;
const MAX_AMOUNT = 2n ** 64n - 1n;

/**
 * The bytes of a packet.
 *
 * @throws PacketError if the amount or the address does not fit the format.
 */
export function encodePacket(packet: IlpPacket): Buffer {
  if (packet.amount < 0n || packet.amount > MAX_AMOUNT) throw new PacketError('its amount is out of range');
  if (!isIlpAddress(packet.address)) throw new PacketError('its address is not an ILP address');
  const amount = Buffer.alloc(8);
  amount.writeBigUInt64BE(packet.amount);
  const content = Buffer.concat([
    amount,
    lengthPrefixed(Buffer.from(packet.address, 'latin1')),
    lengthPrefixed(packet.data),
    Buffer.from([NO_EXTENSIONS]),
  ]);
  return Buffer.concat([Buffer.from([PAYMENT_TYPE]), lengthPrefixed(content)]);
}

/**
 * Reads the bytes of a packet, all of them: each packet has one encoding, and nothing may follow it.
 *
 * @throws PacketError
 */
export function decodePacket(bytes: Buffer): IlpPacket {
  const envelope = new OctetReader(bytes, fail);
  if (envelope.readByte() !== PAYMENT_TYPE) throw fail('it is of another type');
  const content = new OctetReader(envelope.readLengthPrefixed(), fail);
  envelope.end();

  const amount = content.read(8).readBigUInt64BE(0);
  const address = content.readLengthPrefixed().toString('latin1');
  if (!isIlpAddress(address)) throw fail('its address is not an ILP address');
  const data = Buffer.from(content.readLengthPrefixed());
  if (content.readByte() !== NO_EXTENSIONS) throw fail('it has unknown extensions');
  content.end();
  return { amount, address, data };
}

/** The text of a packet's bytes in memos and `additionalHeaders`: base64url without padding. */
export function packetToText(bytes: Buffer): string {
  return toBase64Url(bytes);
}

/**
 * The bytes behind the text of a packet; padding and the `+/` alphabet are tolerated. The packet itself is not read.
 *
 * @throws PacketError if the text is not base64.
 */
export function packetFromText(text: string): Buffer {
  const bytes = findPacketInText(text);
  if (bytes === undefined) throw new PacketError('it is not base64url');
  return bytes;
}

/** As {@link packetBytes}; undefined if the text is not base64. */
export function findPacketInText(text: string): Buffer | undefined {
  return typeof text === 'string' ? fromAnyBase64(text) : undefined;
}

function fail(problem: string): PacketError {
  return new PacketError(problem);
}
