import { isIlpAddress } from './address.js';
import { lengthPrefixed, OctetReader } from '../encoding/octets.js';
import { PacketError } from './packet.js';

/** Destination of the quoted payment, and how long it is held there, in ms. */
interface QuoteRequest {
  destination: string;
  destinationHoldMs: number;
}

/** A point of a liquidity curve: `source` minor units sent deliver `destination` minor units. */
export interface LiquidityPoint {
  source: bigint;
  destination: bigint;
}

/** Requests and responses of the Interledger quoting protocol in its binary form; amounts in minor units. */
export type IlqpPacket =
  | ({ type: 'liquidityRequest' } & QuoteRequest)
  | {
      type: 'liquidityResponse';
      curve: LiquidityPoint[];
      /** ILP prefix that the curve is for. */
      prefix: string;
      sourceHoldMs: number;
      expiresAt: Date;
    }
  | ({ type: 'bySourceRequest'; sourceAmount: bigint } & QuoteRequest)
  | { type: 'bySourceResponse'; destinationAmount: bigint; sourceHoldMs: number }
  | ({ type: 'byDestinationRequest'; destinationAmount: bigint } & QuoteRequest)
  | { type: 'byDestinationResponse'; sourceAmount: bigint; sourceHoldMs: number }
  | {
      type: 'error';
      /** Three characters, see `ILP_ERRORS`. */
      code: string;
      name: string;
      triggeredBy: string;
      forwardedBy: string[];
      triggeredAt: Date;
      data: string;
    };

/** The packets that are requests. */
export type IlqpRequest = Extract<IlqpPacket, QuoteRequest>;

const TYPES = [
  ['liquidityRequest', 2],
  ['liquidityResponse', 3],
  ['bySourceRequest', 4],
  ['bySourceResponse', 5],
  ['byDestinationRequest', 6],
  ['byDestinationResponse', 7],
  ['error', 8],
] as const;

const NO_EXTENSIONS = Buffer.from([0x00]);
const UINT64_MAX = 2n ** 64n - 1n;
const UINT32_MAX = 2 ** 32 - 1;
const CODE_LENGTH = 3;
const POINTS_MAX = 1_000;
const FORWARDERS_MAX = 100;
const GENERALIZED_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2}\.\d{3}Z)$/;

/** Whether a packet is a request. */
export function isIlqpRequest(packet: IlqpPacket): packet is IlqpRequest {
  return 'destinationHoldMs' in packet;
}

/** The bytes of a packet. @throws PacketError if a number does not fit the format. */
export function encodeIlqp(packet: IlqpPacket): Buffer {
  const type = TYPES.find(([name]) => name === packet.type)![1];
  const content = Buffer.concat([...partsOf(packet), NO_EXTENSIONS]);
  return Buffer.concat([Buffer.from([type]), lengthPrefixed(content)]);
}

/** Reads the bytes of a packet of types 2 to 8, all of them. @throws PacketError */
export function decodeIlqp(bytes: Buffer): IlqpPacket {
  const envelope = new OctetReader(bytes, fail);
  const type = envelope.readByte();
  const content = new OctetReader(envelope.readLengthPrefixed(), fail);
  envelope.end();
  const name = TYPES.find(([, number]) => number === type)?.[0];
  if (name === undefined) throw fail('it is of another type');
  const packet = READERS[name](content);
  if (content.readByte() !== 0) throw fail('it has unknown extensions');
  content.end();
  return packet;
}

function partsOf(packet: IlqpPacket): Buffer[] {
  switch (packet.type) {
    case 'liquidityRequest':
      return [text(packet.destination), uint32(packet.destinationHoldMs)];
    case 'liquidityResponse': {
      const { curve, prefix, sourceHoldMs, expiresAt } = packet;
      const points = curve.flatMap(({ source, destination }) => [uint64(source), uint64(destination)]);
      return [count(curve.length), ...points, text(prefix), uint32(sourceHoldMs), text(generalizedTime(expiresAt))];
    }
    case 'bySourceRequest':
      return [text(packet.destination), uint64(packet.sourceAmount), uint32(packet.destinationHoldMs)];
    case 'byDestinationRequest':
      return [text(packet.destination), uint64(packet.destinationAmount), uint32(packet.destinationHoldMs)];
    case 'bySourceResponse':
      return [uint64(packet.destinationAmount), uint32(packet.sourceHoldMs)];
    case 'byDestinationResponse':
      return [uint64(packet.sourceAmount), uint32(packet.sourceHoldMs)];
    default:
      return errorParts(packet);
  }
}

function errorParts(error: Extract<IlqpPacket, { type: 'error' }>): Buffer[] {
  const code = Buffer.from(error.code, 'latin1');
  if (code.length !== CODE_LENGTH) throw fail('its code has not three characters');
  const forwarders = error.forwardedBy.map(text);
  const time = text(generalizedTime(error.triggeredAt));
  return [
    code,
    text(error.name),
    text(error.triggeredBy),
    count(forwarders.length),
    ...forwarders,
    time,
    text(error.data),
  ];
}

const READERS: { [Name in IlqpPacket['type']]: (content: OctetReader) => Extract<IlqpPacket, { type: Name }> } = {
  liquidityRequest: (content) => ({
    type: 'liquidityRequest',
    destination: readAddress(content),
    destinationHoldMs: readUint32(content),
  }),
  liquidityResponse: (content) => ({
    type: 'liquidityResponse',
    curve: Array.from({ length: readCount(content, POINTS_MAX) }, () => ({
      source: readUint64(content),
      destination: readUint64(content),
    })),
    prefix: readText(content),
    sourceHoldMs: readUint32(content),
    expiresAt: readTime(content),
  }),
  bySourceRequest: (content) => ({
    type: 'bySourceRequest',
    destination: readAddress(content),
    sourceAmount: readUint64(content),
    destinationHoldMs: readUint32(content),
  }),
  bySourceResponse: (content) => ({
    type: 'bySourceResponse',
    destinationAmount: readUint64(content),
    sourceHoldMs: readUint32(content),
  }),
  byDestinationRequest: (content) => ({
    type: 'byDestinationRequest',
    destination: readAddress(content),
    destinationAmount: readUint64(content),
    destinationHoldMs: readUint32(content),
  }),
  byDestinationResponse: (content) => ({
    type: 'byDestinationResponse',
    sourceAmount: readUint64(content),
    sourceHoldMs: readUint32(content),
  }),
  error: (content) => ({
    type: 'error',
    code: content.read(CODE_LENGTH).toString('latin1'),
    name: readText(content),
    triggeredBy: readText(content),
    forwardedBy: Array.from({ length: readCount(content, FORWARDERS_MAX) }, () => readText(content)),
    triggeredAt: readTime(content),
    data: readText(content),
  }),
};

function text(value: string): Buffer {
  return lengthPrefixed(Buffer.from(value, 'latin1'));
}

function uint32(value: number): Buffer {
  if (!Number.isInteger(value) || value < 0 || value > UINT32_MAX) throw fail('a duration is out of range');
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uint64(value: bigint): Buffer {
  if (value < 0n || value > UINT64_MAX) throw fail('an amount is out of range');
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/** A whole number as its bytes, with their length in front. */
function count(value: number): Buffer {
  const hex = value.toString(16);
  return lengthPrefixed(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}

function generalizedTime(date: Date): string {
  return date.toISOString().replaceAll(/[-T:]/g, '');
}

function readText(content: OctetReader): string {
  return content.readLengthPrefixed().toString('latin1');
}

function readAddress(content: OctetReader): string {
  const address = readText(content);
  if (!isIlpAddress(address)) throw fail('its address is not an ILP address');
  return address;
}

function readUint32(content: OctetReader): number {
  return content.read(4).readUInt32BE(0);
}

function readUint64(content: OctetReader): bigint {
  return content.read(8).readBigUInt64BE(0);
}

function readCount(content: OctetReader, max: number): number {
  const bytes = content.readLengthPrefixed();
  if (bytes.length === 0 || bytes.length > 4) throw fail('a number is not of the right form');
  const value = bytes.readUIntBE(0, bytes.length);
  if (value > max) throw fail('it has too many parts');
  return value;
}

function readTime(content: OctetReader): Date {
  const date = new Date(readText(content).replace(GENERALIZED_TIME, '$1-$2-$3T$4:$5:$6'));
  if (Number.isNaN(date.getTime())) throw fail('a time is not of the right form');
  return date;
}

function fail(problem: string): PacketError {
  return new PacketError(problem);
}
