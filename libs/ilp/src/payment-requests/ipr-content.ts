import { formatCondition } from '../conditions/condition.js';
import { decodeIpr, IprError } from './ipr.js';
import { parseTimestamp } from '../encoding/timestamp.js';
import { decodePacket, PacketError, packetToText } from '../packets/packet.js';
import { decodePskData, type PskData, PskError } from './psk.js';

/** Headers of a payment request with the packet's amount as a decimal, and its currency. */
export const IPR_HEADERS = { amount: 'Amount', currency: 'Currency', expiresAt: 'Expires-At' } as const;

/** The parts of a payment request. Only its issuer can check the condition. */
export interface IprContent {
  /** UUID in lower case. */
  paymentId: string;
  condition: string;
  /** ILP packet, base64url. */
  packet: string;
  /** ILP address of the payee, with the payment's token. */
  address: string;
  /** Minor units of the payee's ledger. */
  amount: bigint;
  /** Decimals of the payee's ledger; undefined if the request does not contain them. */
  scale: number | undefined;
  /** ISO-4217 alpha-3; undefined if the request does not contain it. */
  currency: string | undefined;
  expiresAt: Date | undefined;
}

const DECIMAL = /^(\d{1,20})(?:\.(\d{1,9}))?$/;

/** @throws IprError also if the packet cannot be read, or has no payment id. */
export function readIpr(text: string): IprContent {
  const { condition, packet } = decodeIpr(text);
  const { amount, address, data } = packetIn(packet);
  const psk = pskIn(data);
  const { paymentId } = psk;
  if (paymentId === undefined) throw new IprError('it names no payment');
  return {
    paymentId,
    condition: formatCondition({ hash: condition, length: condition.length }),
    packet: packetToText(packet),
    address,
    amount,
    scale: scaleOf(psk.privateHeaders[IPR_HEADERS.amount], amount),
    currency: psk.privateHeaders[IPR_HEADERS.currency],
    expiresAt: parseTimestamp(psk.privateHeaders[IPR_HEADERS.expiresAt]),
  };
}

function packetIn(bytes: Buffer) {
  try {
    return decodePacket(bytes);
  } catch (error) {
    if (error instanceof PacketError) throw new IprError(`its packet cannot be read (${error.message})`);
    throw error;
  }
}

function pskIn(data: Buffer): PskData {
  try {
    return decodePskData(data);
  } catch (error) {
    if (error instanceof PskError) throw new IprError(`its data cannot be read (${error.message})`);
    throw error;
  }
}

/** Number of decimals of an amount text that equals the packet's amount. */
function scaleOf(text: string | undefined, amount: bigint): number | undefined {
  const parts = DECIMAL.exec(text ?? '');
  if (!parts) return undefined;
  const fraction = parts[2] ?? '';
  return BigInt(parts[1]! + fraction) === amount ? fraction.length : undefined;
}
