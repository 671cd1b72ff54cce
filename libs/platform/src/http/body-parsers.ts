import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { atOnce, inSlices, type Steps } from '@level-one/work';
import type { FastifyRequest } from 'fastify';
import { routeOf } from '../auth/basic-auth.js';
import { CommonErrorId, commonError } from '../errors/errors.js';
import { checkInput, InputError, type InputLimits, inputLimits, isStorable, parseSteps } from '../input/input-gate.js';
import { parseRecordSteps } from '../input/json-records.js';
import { decodeReplacing, decodeText } from '../input/text-decoding.js';

/** Maximum depth of a body. Ledgers accept more, because they keep memos unchanged. */
const BODY_DEPTH = 64;
/** Default maximum of a request body. */
export const BODY_LIMIT_BYTES = 128 * 1024;

/**
 * Decodes a body in its charset.
 * @throws ContractError 415 UnsupportedMediaTypeError for a compressed body or an unknown charset; 400 InvalidBodyError
 * for bytes that are not text in it, or text that cannot be stored
 */
export function bodyText(request: FastifyRequest, bytes: Buffer): string {
  refuseCompressed(request);
  const text = decodeText(bytes, request.headers['content-type']);
  if (isStorable(text)) return text;
  throw commonError(CommonErrorId.InvalidBody, {
    message: 'Body must not contain the character NUL or half of a surrogate pair',
  });
}

/**
 * Same, with U+FFFD in the place of what cannot be read or stored.
 * @throws ContractError 415 UnsupportedMediaTypeError for a compressed body or an unknown charset
 */
export function replacedBodyText(request: FastifyRequest, bytes: Buffer): string {
  refuseCompressed(request);
  return decodeReplacing(bytes, request.headers['content-type']);
}

function refuseCompressed({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (encoding === undefined || encoding === '' || encoding === 'identity') return;
  throw commonError(CommonErrorId.UnsupportedMediaType, {
    message: 'A compressed body is not accepted; send it without Content-Encoding',
  });
}

/**
 * Parses a JSON body; undefined if it is empty: clients send a content type without a body too, and routes that need a
 * body check that. A long body is parsed in slices.
 * @throws ContractError as {@link bodyText}; 400 InvalidBodyError for input that {@link parseSteps} refuses
 */
export function jsonBody(request: FastifyRequest, bytes: Buffer): unknown {
  return jsonBodyWithin({ depth: BODY_DEPTH }, request, bytes);
}

/** Same for a body with memos, which may be deeper. @throws ContractError as {@link jsonBody} */
export function jsonBodyWithMemos(request: FastifyRequest, bytes: Buffer): unknown {
  return jsonBodyWithin({}, request, bytes);
}

/**
 * Same for a body with a list of records in its member `list`: what spoils a record does not spoil the others, as
 * {@link parseRecordSteps} says. Bytes that cannot be read are U+FFFD.
 * @throws ContractError 415 UnsupportedMediaTypeError; 400 InvalidBodyError
 */
export function jsonBodyWithRecords(list: string, request: FastifyRequest, bytes: Buffer): unknown {
  const text = replacedBodyText(request, bytes);
  return text === ''
    ? undefined
    : parsed(text, parseRecordSteps(text, list, { ...limitsOf(request), depth: BODY_DEPTH }));
}

/** Bodies up to this length are parsed at once, within a fraction of a millisecond. */
const SHORT_BODY = 16 * 1024;

function limitsOf({ routeOptions }: FastifyRequest): InputLimits {
  return inputLimits(routeOptions.bodyLimit ?? BODY_LIMIT_BYTES);
}

function jsonBodyWithin(limits: Partial<InputLimits>, request: FastifyRequest, bytes: Buffer): unknown {
  const text = bodyText(request, bytes);
  return text === '' ? undefined : parsed(text, parseSteps(text, { ...limitsOf(request), ...limits }));
}

function parsed(text: string, steps: Steps<unknown>): unknown {
  if (text.length > SHORT_BODY) return inSlices(steps).catch(refuseBody);
  try {
    return atOnce(steps);
  } catch (error) {
    return refuseBody(error);
  }
}

/** @throws ContractError 400 InvalidBodyError for an InputError, and any other error as it is */
function refuseBody(error: unknown): never {
  if (!(error instanceof InputError)) throw error;
  throw commonError(CommonErrorId.InvalidBody, { message: `Body ${error.message}` });
}

export interface BodyRoutes {
  /** Suffixes of paths that accept plain text under any content type. */
  text?: readonly string[] | undefined;
  /** Suffixes of paths that accept JSON with the content type of a form. */
  jsonAsForm?: readonly string[] | undefined;
  /** Whether bodies contain memos, which may be deeper. */
  withMemos?: boolean | undefined;
}

function unlessElsewhere<T>(
  routes: readonly string[],
  read: (request: FastifyRequest, bytes: Buffer) => T,
): (request: FastifyRequest, bytes: Buffer) => T {
  return (request, bytes) => {
    if (routes.some((end) => routeOf(request)?.endsWith(end))) return read(request, bytes);
    throw commonError(CommonErrorId.UnsupportedMediaType);
  };
}

/** Accepts JSON on all routes, and text or JSON as a form on the given ones; any other type is answered 415. */
export function installBodyParsers(
  app: NestFastifyApplication,
  { text = [], jsonAsForm = [], withMemos = false }: BodyRoutes,
): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  addBodyParser(app, 'application/json', withMemos ? jsonBodyWithMemos : jsonBody);
  if (jsonAsForm.length > 0) {
    addBodyParser(app, 'application/x-www-form-urlencoded', unlessElsewhere(jsonAsForm, jsonBody));
  }
  if (text.length > 0) addBodyParser(app, '*', unlessElsewhere(text, bodyText));
}

/** Parses bodies of one content type with `read`. */
export function addBodyParser(
  app: NestFastifyApplication,
  contentType: string,
  read: (request: FastifyRequest, bytes: Buffer) => unknown,
): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addContentTypeParser(contentType, { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) =>
    read(request, bytes),
  );
}

/** Refuses paths and queries that cannot be stored, for all handlers. */
export function installUriGate(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('preValidation', (request, _reply, done) => {
    if (!/[?%]/.test(request.raw.url!)) {
      // Without these signs there is no query, and no parameter has other characters than those of the path.
      done();
      return;
    }
    try {
      checkInput(request.params);
      checkInput(request.query);
      done();
    } catch (error) {
      const message = `A parameter of the URL ${(error as InputError).message}`;
      done(commonError(CommonErrorId.InvalidUriParameter, { message }));
    }
  });
}
