import { decodePacket, decodePskData, PacketError, packetFromText, PskError } from '@level-one/ilp';
import type { QuotedPaymentData } from '@level-one/peers';
import { parseJsonInput } from '@level-one/platform';

/** Details of a payment in the packet of an arriving transfer; the sender may have forged them. */
export interface ReceivedRequest {
  /** UUID in lower case. */
  paymentId: string;
  /** Minor units. */
  amount: bigint;
  data: QuotedPaymentData | undefined;
}

/** Undefined when the packet names no payment. */
export function readReceivedRequest(packetText: string): ReceivedRequest | undefined {
  try {
    const { amount, data } = decodePacket(packetFromText(packetText));
    const { paymentId, body } = decodePskData(data);
    return paymentId === undefined ? undefined : { paymentId, amount, data: objectIn(body) };
  } catch (error) {
    if (error instanceof PacketError || error instanceof PskError) return undefined;
    throw error;
  }
}

function objectIn(body: Buffer): QuotedPaymentData | undefined {
  try {
    const value = parseJsonInput(body.toString('utf8'), undefined, { exactNumbers: false });
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
