import {
  conditionOf,
  encodeIpr,
  encodePacket,
  encodePskData,
  formatFulfillment,
  IPR_HEADERS,
  packetToText,
  parseCondition,
} from '@level-one/ilp';
import { randomBytes } from 'node:crypto';

/** What a payee has promised: who shows the fulfillment has paid. */
export interface PlayedPromise {
  paymentId: string;
  condition: string;
  fulfillment: string;
  /** ILP packet, base64url. */
  packet: string;
  /** Payment request, base64url. */
  ipr: string;
  address: string;
}

/** Makes a promise as a payee's SPSP server does. @param amount with two decimals, in USD */
export function playedPromise({
  paymentId,
  amount,
  address,
  expiresAt,
}: {
  paymentId: string;
  amount: string;
  address: string;
  expiresAt: Date;
}): PlayedPromise {
  const preimage = randomBytes(32);
  const condition = conditionOf(preimage);
  const data = encodePskData({
    paymentId,
    nonce: randomBytes(16),
    privateHeaders: {
      [IPR_HEADERS.amount]: amount,
      [IPR_HEADERS.currency]: 'USD',
      [IPR_HEADERS.expiresAt]: expiresAt.toISOString(),
    },
    body: 'null',
  });
  const packet = encodePacket({ amount: BigInt(amount.replace('.', '')), address, data });
  return {
    paymentId,
    condition,
    fulfillment: formatFulfillment(preimage),
    packet: packetToText(packet),
    ipr: encodeIpr({ condition: parseCondition(condition).hash, packet }),
    address,
  };
}
