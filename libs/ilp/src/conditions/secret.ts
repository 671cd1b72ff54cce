import { createHmac } from 'node:crypto';

const CONDITION_KEY_LABEL = 'ilp_psk_condition';

/**
 * The 32-byte preimage that fulfills the transfers of a packet (contract 3.8); only the holder of the receiver's
 * secret can derive it. Its `conditionOf` is the condition of the payment.
 */
export function fulfillmentPreimage(receiverSecret: Buffer, packet: Buffer): Buffer {
  const key = hmacSha256(receiverSecret, Buffer.from(CONDITION_KEY_LABEL, 'latin1'));
  return hmacSha256(key, packet);
}

function hmacSha256(key: Buffer, message: Buffer): Buffer {
  return createHmac('sha256', key).update(message).digest();
}
