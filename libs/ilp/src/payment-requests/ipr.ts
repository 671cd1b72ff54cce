import { fromAnyBase64, toBase64Url } from '../encoding/base64url.js';
import { lengthPrefixed, OctetReader } from '../encoding/octets.js';

/** An interledger payment request (contract 3.8), which a receiver gives to a payer. */
export interface InterledgerPaymentRequest {
  /** SHA-256 of the fulfillment, 32 bytes. */
  condition: Buffer;
  /** Bytes of the ILP packet; not checked here. */
  packet: Buffer;
}

/** A text that is no payment request (400 "ipr (…) contains invalid base64url.", N100). */
export class IprError extends Error {
  constructor(problem: string) {
    super(`Not a payment request: ${problem}`);
    this.name = 'IprError';
  }
}

const VERSION = 0x02;
const CONDITION_LENGTH = 32;

/**
 * The text of a payment request.
 *
 * @throws IprError if the condition does not have 32 bytes.
 */
export function encodeIpr(request: InterledgerPaymentRequest): string {
  if (request.condition.length !== CONDITION_LENGTH) throw new IprError('its condition has not 32 bytes');
  return toBase64Url(Buffer.concat([Buffer.from([VERSION]), request.condition, lengthPrefixed(request.packet)]));
}

/**
 * Reads a payment request; padding and the `+/` alphabet are tolerated.
 *
 * @throws IprError
 */
export function decodeIpr(text: string): InterledgerPaymentRequest {
  const bytes = typeof text === 'string' ? fromAnyBase64(text) : undefined;
  if (bytes === undefined) throw fail('it is not base64url');
  const reader = new OctetReader(bytes, fail);
  if (reader.readByte() !== VERSION) throw fail('it is of another version');
  const condition = Buffer.from(reader.read(CONDITION_LENGTH));
  const packet = Buffer.from(reader.readLengthPrefixed());
  reader.end();
  return { condition, packet };
}

function fail(problem: string): IprError {
  return new IprError(problem);
}
