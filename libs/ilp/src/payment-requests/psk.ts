import { toBase64Url } from '../encoding/base64url.js';

/** Content of the data of a packet. */
export interface PskInput {
  /** UUID of the payment, a public header: the receiver finds its issued packet by it. */
  paymentId: string;
  /** 16 bytes that nobody can guess and no other payment has: they make each packet, and so each condition, unique. */
  nonce: Buffer;
  /** For example Expires-At, Content-Type, Sender-Identifier. */
  privateHeaders: Record<string, string>;
  body: string | Buffer;
}

/** The data of a packet, parsed. Header names keep their case. */
export interface PskData {
  /** "1.0". */
  version: string;
  publicHeaders: Record<string, string>;
  privateHeaders: Record<string, string>;
  body: Buffer;
  /** Of the public header Payment-Id, lower-cased. */
  paymentId?: string;
}

/** The data is no readable PSK/1.0 text; ILP code F01 on the wire. */
export class PskError extends Error {
  constructor(problem: string) {
    super(`Not PSK data: ${problem}`);
    this.name = 'PskError';
  }
}

const STATUS_LINE = 'PSK/1.0';
const NONCE_LENGTH = 16;
const UUID = /^[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$/;
const HEADER_NAME = /^[A-Za-z0-9-]+$/;
// No control characters, above all no line break.
const HEADER_VALUE = /^\P{Cc}*$/u;
const LINE_BREAK = 0x0a;

/**
 * The PSK/1.0 text of contract 3.8, unencrypted: status line, public headers, empty line, private headers, empty
 * line, body.
 *
 * @throws PskError if the payment id, the nonce or a header does not fit the format.
 */
export function encodePskData(input: PskInput): Buffer {
  if (!UUID.test(input.paymentId)) throw new PskError('the payment id is not a UUID');
  if (input.nonce.length !== NONCE_LENGTH) throw new PskError(`the nonce has not ${NONCE_LENGTH} bytes`);
  const publicHeaders = {
    Nonce: toBase64Url(input.nonce),
    Encryption: 'none',
    'Payment-Id': input.paymentId.toLowerCase(),
  };
  const head = `${STATUS_LINE}\n${headerLines(publicHeaders)}\n${headerLines(input.privateHeaders)}\n`;
  return Buffer.concat([Buffer.from(head, 'utf8'), Buffer.from(input.body)]);
}

/**
 * Reads PSK/1.0 text.
 *
 * @throws PskError if it has another version, is encrypted, or is malformed.
 */
export function decodePskData(data: Buffer): PskData {
  const lines = new LineReader(data);
  if (lines.next() !== STATUS_LINE) throw new PskError('it is of another version');
  const publicHeaders = readHeaders(lines);
  if (headerValue(publicHeaders, 'encryption')?.toLowerCase() !== 'none')
    throw new PskError('its encryption is not none');
  const privateHeaders = readHeaders(lines);
  const paymentId = headerValue(publicHeaders, 'payment-id');
  if (paymentId !== undefined && !UUID.test(paymentId)) throw new PskError('the payment id is not a UUID');
  return {
    version: '1.0',
    publicHeaders,
    privateHeaders,
    body: lines.rest(),
    ...(paymentId !== undefined && { paymentId: paymentId.toLowerCase() }),
  };
}

function headerLines(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => {
      if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value)) throw new PskError(`header ${name} is not allowed`);
      return `${name}: ${value.trim()}\n`;
    })
    .join('');
}

function readHeaders(lines: LineReader): Record<string, string> {
  const headers: Record<string, string> = {};
  const seen = new Set<string>();
  for (let line = lines.next(); line !== ''; line = lines.next()) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0));
    const value = line.slice(colon + 1).trim();
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value)) throw new PskError('a header is not of the right form');
    if (seen.has(name.toLowerCase())) throw new PskError(`header ${name} comes twice`);
    seen.add(name.toLowerCase());
    headers[name] = value;
  }
  return headers;
}

/** The value of a header; its name is found in any case. */
function headerValue(headers: Record<string, string>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(headers).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** Takes lines of UTF-8 text from the front; the rest stays bytes. */
class LineReader {
  private offset = 0;

  constructor(private readonly bytes: Buffer) {}

  next(): string {
    const end = this.bytes.indexOf(LINE_BREAK, this.offset);
    if (end < 0) throw new PskError('it ends too early');
    const line = this.bytes.subarray(this.offset, end);
    this.offset = end + 1;
    return decodeUtf8(line);
  }

  rest(): Buffer {
    return Buffer.from(this.bytes.subarray(this.offset));
  }
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new PskError('it is not UTF-8');
  }
}
