import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { inSlices } from '@level-one/work';
import type { FastifyRequest } from 'fastify';
import { routeOf } from '../auth/basic-auth.js';
import { CommonErrorId, commonError } from '../errors/errors.js';
import { checkInput, InputError, type InputLimits, inputLimits, isStorable, parseSteps } from '../input/input-gate.js';
import { decodeText } from '../input/text-decoding.js';

/** Levels of objects and lists in a body; ledgers take more, because they keep memos as they come. */
const BODY_DEPTH = 64;
/** Largest request body a route takes unless it says otherwise. */
export const BODY_LIMIT_BYTES = 128 * 1024;

/**
 * The text of a body in whatever charset it came.
 * @throws ContractError 415 UnsupportedMediaTypeError for a compressed body or an unknown charset; 400 InvalidBodyError
 * for bytes that are no text, or a text that cannot be stored
 */
export function bodyText(request: FastifyRequest, bytes: Buffer): string {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase();
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity') {
    throw commonError(CommonErrorId.UnsupportedMediaType, {
      message: 'A compressed body is not taken; send it without Content-Encoding',
    });
  }
  const text = decodeText(bytes, request.headers['content-type']);
  if (isStorable(text)) return text;
  throw commonError(CommonErrorId.InvalidBody, {
    message: 'Body must not contain the character NUL or half of a surrogate pair',
  });
}

/**
 * The value of a JSON body; undefined for an empty one: clients name a content type also where they send nothing, and
 * routes that need a body say so themselves. A long one is read a slice at a time.
 * @throws ContractError as {@link bodyText}; 400 InvalidBodyError for what the input gate refuses
 */
export function jsonBody(request: FastifyRequest, bytes: Buffer): Promise<unknown> {
  return jsonBodyWithin({ depth: BODY_DEPTH }, request, bytes);
}

/** The same of a body with memos, which may be deeper than anything else. @throws ContractError as {@link jsonBody} */
export function jsonBodyWithMemos(request: FastifyRequest, bytes: Buffer): Promise<unknown> {
  return jsonBodyWithin({}, request, bytes);
}

async function jsonBodyWithin(limits: Partial<InputLimits>, request: FastifyRequest, bytes: Buffer): Promise<unknown> {
  const text = bodyText(request, bytes);
  if (text === '') return undefined;
  try {
    const allowed = { ...inputLimits(request.routeOptions.bodyLimit ?? BODY_LIMIT_BYTES), ...limits };
    return await inSlices(parseSteps(text, allowed));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw commonError(CommonErrorId.InvalidBody, { message: `Body ${error.message}` });
  }
}

export interface BodyRoutes {
  /** Ends of the paths of routes that take a bare text, whatever type a client calls it. */
  text?: readonly string[] | undefined;
  /** Ends of the paths of routes that take JSON also when it is called a form. */
  jsonAsForm?: readonly string[] | undefined;
  /** Whether bodies carry memos, which may be deeper than anything else. */
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

/** Reads JSON everywhere, texts and JSON that is called a form where a role takes them; anything else is 415. */
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

/** Reads bodies of one content type as `read` does. */
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

/** Refuses paths and queries that cannot be stored, whether or not their handler has a class for them. */
export function installUriGate(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('preValidation', (request, _reply, done) => {
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
