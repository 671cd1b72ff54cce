import { createHash } from 'node:crypto';
import { fromBase64Url, toBase64Url } from '../encoding/base64url.js';
import { lengthPrefixed, OctetReader } from '../encoding/octets.js';

/** `malformed` answers 400 InvalidBodyError, `unsupported` 422 UnsupportedCryptoConditionError (contract 3.6). */
export type ConditionErrorReason = 'malformed' | 'unsupported';

/** The text is no condition or fulfillment, or its type is not preimage-sha-256. */
export class ConditionError extends Error {
  constructor(
    readonly reason: ConditionErrorReason,
    message: string,
  ) {
    super(message);
    this.name = 'ConditionError';
  }
}

/** The two spellings of contract 3.6: `ni:`/DER since 2017, `cc:`/`cf:` before. */
export type ConditionSpelling = 'ni' | 'cc';

/** A preimage-sha-256 condition. */
export interface Condition {
  /** SHA-256 of the preimage, 32 bytes. */
  hash: Buffer;
  /** Bytes of the preimage: exactly this many for `ni`, at most this many for `cc`. */
  length: number;
  spelling: ConditionSpelling;
}

/** The longest preimage, and so the highest cost, that the ledgers accept. */
export const MAX_PREIMAGE_LENGTH = 65_535;

const HASH_LENGTH = 32;
const PREIMAGE_TYPE = 'preimage-sha-256';
const NI = /^ni:\/\/\/([a-z0-9-]+);([a-zA-Z0-9_-]+)\?([a-z0-9=&,-]+)$/;
const CC = /^cc:([1-9a-f][0-9a-f]{0,3}|0):([1-9a-f][0-9a-f]{0,15}):([a-zA-Z0-9_-]{0,86}):([1-9][0-9]{0,17}|0)$/;
const CF = /^cf:([1-9a-f][0-9a-f]{0,3}|0):([a-zA-Z0-9_-]*)$/;
const COST = /^(0|[1-9][0-9]{0,17})$/;
/** Longer than the text of any valid fulfillment; checked before the text is decoded. */
const MAX_TEXT_LENGTH = 90_000;

/** DER tags: the outer one names the type, the inner one is the preimage. */
const PREIMAGE_TAG = 0xa0;
const PREIMAGE_FIELD_TAG = 0x80;
/** prefix, threshold, rsa and ed25519 fulfillments. */
const OTHER_TYPE_TAGS: ReadonlySet<number> = new Set([0xa1, 0xa2, 0xa3, 0xa4]);

/**
 * Reads a condition of either spelling.
 *
 * @throws ConditionError
 */
export function parseCondition(text: string): Condition {
  if (typeof text === 'string' && text.length <= MAX_TEXT_LENGTH) {
    if (text.startsWith('ni:')) return parseNi(text);
    if (text.startsWith('cc:')) return parseCc(text);
  }
  throw malformed('condition');
}

/**
 * Whether two texts are the same condition, whatever their spellings.
 *
 * @throws ConditionError if one of them is no condition.
 */
export function sameCondition(a: string, b: string): boolean {
  const left = parseCondition(a);
  const right = parseCondition(b);
  return left.length === right.length && left.hash.equals(right.hash);
}

/** The text of a condition. */
export function formatCondition(
  condition: Pick<Condition, 'hash' | 'length'>,
  spelling: ConditionSpelling = 'ni',
): string {
  const hash = toBase64Url(condition.hash);
  if (spelling === 'cc') return `cc:0:3:${hash}:${condition.length}`;
  return `ni:///sha-256;${hash}?fpt=${PREIMAGE_TYPE}&cost=${condition.length}`;
}

/** The text of the condition that the preimage fulfills. */
export function conditionOf(preimage: Buffer, spelling: ConditionSpelling = 'ni'): string {
  return formatCondition({ hash: sha256(preimage), length: preimage.length }, spelling);
}

/**
 * The preimage in a fulfillment of either spelling.
 *
 * @throws ConditionError
 */
export function parseFulfillment(text: string): Buffer {
  if (typeof text !== 'string' || text.length > MAX_TEXT_LENGTH) throw malformed('fulfillment');
  const preimage = text.startsWith('cf:') ? parseCf(text) : parseDer(text);
  if (preimage.length > MAX_PREIMAGE_LENGTH) throw malformed('fulfillment');
  return preimage;
}

/**
 * The preimage in the bare form that old peers put into a payment's result: 43 characters for 32 bytes.
 *
 * @throws ConditionError
 */
export function parseBareFulfillment(text: string): Buffer {
  const preimage = typeof text === 'string' ? fromBase64Url(text) : undefined;
  if (preimage?.length !== HASH_LENGTH) throw malformed('fulfillment');
  return preimage;
}

/** The text of a fulfillment. */
export function formatFulfillment(preimage: Buffer, spelling: ConditionSpelling = 'ni'): string {
  if (spelling === 'cc') return `cf:0:${toBase64Url(preimage)}`;
  const field = Buffer.concat([Buffer.from([PREIMAGE_FIELD_TAG]), lengthPrefixed(preimage)]);
  return toBase64Url(Buffer.concat([Buffer.from([PREIMAGE_TAG]), lengthPrefixed(field)]));
}

/** Whether the preimage, from a fulfillment of either spelling, executes a transfer under this condition. */
export function fulfills(condition: Condition, preimage: Buffer): boolean {
  const lengthFits =
    condition.spelling === 'ni' ? preimage.length === condition.length : preimage.length <= condition.length;
  return lengthFits && sha256(preimage).equals(condition.hash);
}

function parseNi(text: string): Condition {
  const [, algorithm, fingerprint, query] = NI.exec(text) ?? [];
  if (algorithm === undefined || fingerprint === undefined || query === undefined) throw malformed('condition');
  const { fpt, cost, subtypes } = niParameters(query);
  if (fpt === undefined || cost === undefined || !COST.test(cost)) throw malformed('condition');
  const hash = fromBase64Url(fingerprint);
  if (hash === undefined) throw malformed('condition');
  if (algorithm !== 'sha-256' || fpt !== PREIMAGE_TYPE) throw unsupported(`Condition type ${algorithm}/${fpt}`);
  if (subtypes !== undefined) throw malformed('condition');
  return supportedCondition(hash, cost, 'ni');
}

/** The query of an `ni:` condition: each of the known parameters at most once, in any order. */
function niParameters(query: string): { fpt?: string; cost?: string; subtypes?: string } {
  const parameters = new Map<string, string>();
  for (const part of query.split('&')) {
    const [name = '', value = '', ...more] = part.split('=');
    const known = name === 'fpt' || name === 'cost' || name === 'subtypes';
    if (!known || value === '' || more.length > 0 || parameters.has(name)) throw malformed('condition');
    parameters.set(name, value);
  }
  return { fpt: parameters.get('fpt'), cost: parameters.get('cost'), subtypes: parameters.get('subtypes') };
}

function parseCc(text: string): Condition {
  const [, type, bitmask, fingerprint, maxLength] = CC.exec(text) ?? [];
  if (fingerprint === undefined || maxLength === undefined) throw malformed('condition');
  const hash = fromBase64Url(fingerprint);
  if (hash === undefined) throw malformed('condition');
  if (type !== '0' || bitmask !== '3') throw unsupported(`Condition type ${type}:${bitmask}`);
  return supportedCondition(hash, maxLength, 'cc');
}

function supportedCondition(hash: Buffer, lengthText: string, spelling: ConditionSpelling): Condition {
  if (hash.length !== HASH_LENGTH) throw malformed('condition');
  const length = Number(lengthText);
  // Well-formed, but longer than any fulfillment that is accepted.
  if (length > MAX_PREIMAGE_LENGTH) throw unsupported(`A preimage of ${lengthText} bytes`);
  return { hash, length, spelling };
}

function parseCf(text: string): Buffer {
  const [, type, payload] = CF.exec(text) ?? [];
  const preimage = payload === undefined ? undefined : fromBase64Url(payload);
  if (preimage === undefined) throw malformed('fulfillment');
  if (type !== '0') throw unsupported(`Fulfillment type ${type}`);
  return preimage;
}

function parseDer(text: string): Buffer {
  const bytes = fromBase64Url(text);
  if (bytes === undefined) throw malformed('fulfillment');
  const outer = new OctetReader(bytes, () => malformed('fulfillment'));
  const tag = outer.readByte();
  const content = outer.readLengthPrefixed();
  outer.end();
  if (OTHER_TYPE_TAGS.has(tag)) throw unsupported('Fulfillment type');
  if (tag !== PREIMAGE_TAG) throw malformed('fulfillment');

  const field = new OctetReader(content, () => malformed('fulfillment'));
  if (field.readByte() !== PREIMAGE_FIELD_TAG) throw malformed('fulfillment');
  const preimage = field.readLengthPrefixed();
  field.end();
  return preimage;
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function malformed(what: 'condition' | 'fulfillment'): ConditionError {
  return new ConditionError('malformed', `Not a well-formed ${what}`);
}

function unsupported(what: string): ConditionError {
  return new ConditionError('unsupported', `${what} is not supported, only ${PREIMAGE_TYPE} is`);
}
