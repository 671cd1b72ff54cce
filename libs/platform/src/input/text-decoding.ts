import { TextDecoder } from 'node:util';
import { CommonErrorId, commonError } from '../errors/errors.js';

/** Supported encodings by the charset names of clients. */
const DECODERS: ReadonlyMap<string, string> = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['us-ascii', 'us-ascii'],
  ['ascii', 'us-ascii'],
  ['iso-8859-1', 'windows-1252'],
  ['latin1', 'windows-1252'],
  ['windows-1252', 'windows-1252'],
  ['iso-8859-15', 'iso-8859-15'],
  ['utf-16', 'utf-16le'],
  ['utf-16le', 'utf-16le'],
  ['utf-16be', 'utf-16be'],
]);

const decoders = new Map<string, TextDecoder>();

/** The decoder of an encoding, which refuses bytes that are not valid in it. */
function decoderOf(encoding: string): TextDecoder {
  let decoder = decoders.get(encoding);
  if (!decoder) {
    decoder = new TextDecoder(encoding, { fatal: true });
    decoders.set(encoding, decoder);
  }
  return decoder;
}

/** What stands for a character that cannot be read or stored. */
const REPLACEMENT = '\ufffd';

/** Byte order marks. */
const BYTE_ORDER_MARKS: readonly [encoding: string, mark: readonly number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

function encodingByMark(bytes: Uint8Array): string | undefined {
  return BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];
}

function encodingOf(bytes: Uint8Array, charset: string | undefined): string {
  const declared = charset === undefined ? undefined : DECODERS.get(charset.toLowerCase());
  if (charset !== undefined && declared === undefined) {
    throw commonError(CommonErrorId.UnsupportedMediaType, {
      message: `The charset is not one of ${[...DECODERS.keys()].join(', ')}`,
    });
  }
  // With `utf-16` alone the byte order mark decides.
  if (declared === undefined || /^utf-16$/i.test(charset!)) return encodingByMark(bytes) ?? declared ?? 'utf-8';
  return declared;
}

/** The charset parameter of a content type. */
export function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(contentType ?? '')?.[1];
}

/**
 * Decodes a text by the charset of its content type, else by its byte order mark, else as UTF-8. The mark is removed.
 * @throws ContractError 415 UnsupportedMediaTypeError for an unknown charset; 400 InvalidBodyError for bytes that are
 * not valid in it
 */
export function decodeText(bytes: Uint8Array, contentType?: string): string {
  const encoding = encodingOf(bytes, charsetOf(contentType));
  try {
    if (encoding !== 'us-ascii') return decoderOf(encoding).decode(bytes);
    if (bytes.every((byte) => byte < 0x80)) return decoderOf('utf-8').decode(bytes);
  } catch {
    // Said below.
  }
  throw commonError(CommonErrorId.InvalidBody, { message: `Body is not valid ${encoding}` });
}

/**
 * Same, with U+FFFD in the place of bytes that are not valid and of characters that cannot be stored: for texts in which
 * one bad record must not spoil the others. Whoever reads them must not take U+FFFD for a value.
 * @throws ContractError 415 UnsupportedMediaTypeError for an unknown charset
 */
export function decodeReplacing(bytes: Uint8Array, contentType?: string): string {
  const encoding = encodingOf(bytes, charsetOf(contentType));
  const text = new TextDecoder(encoding === 'us-ascii' ? 'utf-8' : encoding).decode(bytes);
  return replaceUnstorable(text);
}

/** A text with U+FFFD in the place of characters that cannot be stored. */
export function replaceUnstorable(text: string): string {
  return text.toWellFormed().replaceAll('\0', REPLACEMENT);
}
