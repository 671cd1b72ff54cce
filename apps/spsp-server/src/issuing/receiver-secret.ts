const HEX = /^[0-9a-f]{64,}$/i;

/** Bytes of the receiver secret as it is written in the settings. */
export function receiverSecretOf(text: string): Buffer {
  return Buffer.from(text, HEX.test(text) && text.length % 2 === 0 ? 'hex' : 'base64url');
}

/** Injection token of the receiver secret's bytes. */
export const RECEIVER_SECRET = Symbol('receiver secret');
