import type { Type } from '@nestjs/common';
import {
  acceptedInstance,
  CommonErrorId,
  commonError,
  decodeText,
  isStorable,
  parseJsonInput,
  withoutNulls,
} from '@level-one/platform';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { IncomingHttpHeaders } from 'undici/types/header.js';

/** Answer of a called system, as it can be used. */
export interface PeerAnswer {
  status: number;
  contentType: string;
  text: string;
  /** Parsed when the content type is JSON, else undefined. */
  json: unknown;
  /** Seconds after which the called system wants to be asked again. */
  retryAfterS?: number;
  /** A sentence about the called system's clock, while that is wrong. */
  clockSkew?: string;
}

function headerOf(headers: IncomingHttpHeaders, name: string): string {
  return String(headers[name] ?? '')
    .trim()
    .toLowerCase();
}

/**
 * Reads an answer as far as it can be relied on: not compressed, in a known charset, without what cannot be stored; JSON
 * passes the input gate.
 * @throws Error for anything else
 */
export function readAnswer(status: number, headers: IncomingHttpHeaders, bytes: Uint8Array): PeerAnswer {
  const contentType = String(headers['content-type'] ?? '');
  const retryAfter = /^\d{1,6}$/.exec(headerOf(headers, 'retry-after'))?.[0];
  const head = { status, contentType, ...(retryAfter === undefined ? {} : { retryAfterS: Number(retryAfter) }) };
  if (bytes.length === 0) return { ...head, text: '', json: undefined };
  if (!['', 'identity'].includes(headerOf(headers, 'content-encoding'))) throw new Error('the answer is compressed');
  const text = decodeText(bytes, contentType);
  if (!isStorable(text)) throw new Error('the answer contains characters that cannot be stored');
  const isJson = /^application\/([\w.-]+\+)?json\b/i.test(contentType);
  // Numbers of others may have more digits than are kept; amounts are texts.
  const json = isJson ? parseJsonInput(text, undefined, { exactNumbers: false }) : undefined;
  return { ...head, text, json };
}

/** What an answer has to look like; a list of such ones where `isList`. */
export interface AnswerShape {
  of: Type<object>;
  isList?: boolean;
}

const LIST_LENGTH_MAX = 10_000;

/** Whether a value has a shape. Members that are null are as good as absent. */
function fits(shape: Type<object>, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const given = withoutNulls(value);
  if (acceptedInstance(shape, given)) return true;
  const instance = plainToInstance(shape, given);
  return validateSync(instance, { forbidUnknownValues: false, stopAtFirstError: true }).length === 0;
}

/** @throws ContractError 502 ExternalError when the answer lacks what its hop promises, or has it in another form */
export function assertShape(hop: string, json: unknown, { of, isList = false }: AnswerShape): void {
  const values = isList ? json : [json];
  const isGood = Array.isArray(values) && values.length <= LIST_LENGTH_MAX && values.every((value) => fits(of, value));
  if (!isGood) throw commonError(CommonErrorId.External, { message: `${hop}: the next system's answer is not usable` });
}
