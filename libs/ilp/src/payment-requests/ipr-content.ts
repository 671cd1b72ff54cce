import { formatCondition } from '../conditions/condition.js';
import { decodeIpr, IprError } from './ipr.js';
import { decodePacket, PacketError, packetToText } from '../packets/packet.js';
import { decodePskData, type PskData, PskError } from './psk.js';

/** Headers of a payment request that tell people, and other currencies, what the packet's number means. */
export const IPR_HEADERS = { amount: 'Amount', currency: 'Currency', expiresAt: 'Expires-At' } as const;

/** What a payment request says, taken apart. Nobody but its maker can tell whether the condition is right. */
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
  /** Decimals of the payee's ledger, where the request tells. */
  scale: number | undefined;
  /** ISO-4217 alpha-3, where the request tells. */
  currency: string | undefined;
  expiresAt: Date | undefined;
}

const DECIMAL = /^(\d{1,20})(?:\.(\d{1,9}))?$/;

/** @throws IprError also for a packet that cannot be read, or one that names no payment */
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
    expiresAt: timeIn(psk.privateHeaders[IPR_HEADERS.expiresAt]),
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

/** Decimals of an amount text that says the same as the packet. */
function scaleOf(text: string | undefined, amount: bigint): number | undefined {
  const parts = DECIMAL.exec(text ?? '');
  if (!parts) return undefined;
  const fraction = parts[2] ?? '';
  return BigInt(parts[1]! + fraction) === amount ? fraction.length : undefined;
}

function timeIn(text: string | undefined): Date | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : new Date(ms);
}
