import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { ContractError, errorsOf, retryAfterOf } from '@level-one/errors';
import { databaseUnavailable } from '@level-one/work';
import type { FastifyReply } from 'fastify';
import { CAUSED_BY_CLOCKS, type PeerClocks } from '../clocks/peer-clocks.js';
import { RoleLogger } from '../logging/logger.js';
import { isTraceId, TRACE_HEADER, type TracedRequest } from '../tracing/trace.js';

/** Error ids that any hop may answer (contract 6). */
export enum CommonErrorId {
  InvalidBody = 'InvalidBodyError',
  InvalidUriParameter = 'InvalidUriParameterError',
  Unauthorized = 'Unauthorized',
  Forbidden = 'UnauthorizedError',
  NotFound = 'NotFoundError',
  RequestTimeout = 'RequestTimeoutError',
  PayloadTooLarge = 'PayloadTooLargeError',
  UnsupportedMediaType = 'UnsupportedMediaTypeError',
  UnprocessableEntity = 'UnprocessableEntityError',
  TooManyRequests = 'TooManyRequestsError',
  AlreadyExists = 'AlreadyExistsError',
  External = 'ExternalError',
  ServiceUnavailable = 'ServiceUnavailableError',
  Internal = 'InternalServerError',
}

export const commonError = errorsOf<CommonErrorId>({
  [CommonErrorId.InvalidBody]: { status: 400, message: 'Body did not match schema' },
  [CommonErrorId.InvalidUriParameter]: { status: 400, message: 'A parameter of the URL is missing or malformed' },
  [CommonErrorId.Unauthorized]: { status: 401, message: 'Unauthorized' },
  [CommonErrorId.Forbidden]: { status: 403, message: 'You do not have permissions to access this resource' },
  [CommonErrorId.NotFound]: { status: 404, message: 'The requested resource could not be found.' },
  [CommonErrorId.RequestTimeout]: { status: 408, message: 'The request did not come in time' },
  [CommonErrorId.PayloadTooLarge]: { status: 413, message: 'The body is larger than this route takes' },
  [CommonErrorId.UnsupportedMediaType]: { status: 415, message: 'Content-Type must be application/json' },
  [CommonErrorId.UnprocessableEntity]: { status: 422, message: 'The request is well formed but not allowed' },
  [CommonErrorId.TooManyRequests]: { status: 429, message: 'Too many requests; try again later' },
  [CommonErrorId.AlreadyExists]: { status: 422, message: 'It already exists with other content' },
  [CommonErrorId.External]: { status: 502, message: 'The next system could not be reached or failed' },
  [CommonErrorId.ServiceUnavailable]: { status: 503, message: 'Try again shortly' },
  [CommonErrorId.Internal]: { status: 500, message: 'An internal error occurred' },
});

const BY_STATUS: Record<number, CommonErrorId> = {
  400: CommonErrorId.InvalidBody,
  401: CommonErrorId.Unauthorized,
  // For example a method that the path does not have.
  403: CommonErrorId.NotFound,
  404: CommonErrorId.NotFound,
  405: CommonErrorId.NotFound,
  408: CommonErrorId.RequestTimeout,
  413: CommonErrorId.PayloadTooLarge,
  414: CommonErrorId.InvalidUriParameter,
  415: CommonErrorId.UnsupportedMediaType,
  422: CommonErrorId.UnprocessableEntity,
  429: CommonErrorId.TooManyRequests,
  503: CommonErrorId.ServiceUnavailable,
};

const HEALTH = '/health';
/** Fastify's own code for a path that cannot be decoded. */
const BAD_URL = 'FST_ERR_BAD_URL';

/** 429 TooManyRequestsError. @param waitMs time until a repeated request can succeed. */
export function tooManyRequests(waitMs: number, options: { message?: string } = {}): ContractError {
  return commonError(CommonErrorId.TooManyRequests, {
    ...options,
    retryAfterS: Math.max(1, Math.ceil(waitMs / 1_000)),
  });
}

/** Converts anything thrown into an error that may leave the process. */
export function toContractError(thrown: unknown): ContractError {
  if (thrown instanceof ContractError) return thrown;
  if ((thrown as { code?: string })?.code === BAD_URL) return commonError(CommonErrorId.InvalidUriParameter);
  const unavailable = databaseUnavailable(thrown);
  if (unavailable) return unavailable;
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: number })?.statusCode;
  const id = BY_STATUS[status ?? 500] ?? CommonErrorId.Internal;
  // The framework's messages name its internals; only a body that cannot be parsed is explained.
  const message = id === CommonErrorId.InvalidBody ? 'Body is not valid JSON' : undefined;
  return commonError(id, { cause: thrown, ...(message ? { message } : {}) });
}

/**
 * Whether a script in a browser sent the request, for example Swagger UI. The browser would open its own login prompt
 * over the page.
 */
function isOfScript({ request }: FastifyReply): boolean {
  const mode = request?.headers['sec-fetch-mode'];
  return mode !== undefined && mode !== 'navigate';
}

/** Asks for HTTP Basic. */
export const BASIC_CHALLENGE = 'Basic realm="level-one", charset="UTF-8"';

/** Sends `{ id, message, … }` (contract 0.3, error body). */
export function sendError(reply: FastifyReply, error: ContractError): void {
  if (error.status === 401 && !isOfScript(reply)) void reply.header('www-authenticate', BASIC_CHALLENGE);
  const retryAfterS = retryAfterOf(error);
  if (retryAfterS !== undefined) void reply.header('retry-after', String(retryAfterS));
  void reply.status(error.status).type('application/json; charset=utf-8').send(JSON.stringify(error.toBody()));
}

/** The payment that an error belongs to, by its member `paymentId`. */
function paymentIdOf({ extras: { paymentId } }: ContractError): string | undefined {
  return isTraceId(paymentId) ? paymentId : undefined;
}

interface FailedRequest extends TracedRequest {
  method: string;
  routeOptions?: { url?: string | undefined };
}

/** Answers every error; the only place that does. */
@Catch()
export class ContractErrorFilter implements ExceptionFilter {
  constructor(
    private readonly logger: RoleLogger,
    private readonly clocks?: Pick<PeerClocks, 'notes'>,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = toContractError(thrown);
    const request = host.switchToHttp().getRequest<FailedRequest>();
    const paymentId = paymentIdOf(error);
    const traceId = paymentId ?? request.trace?.traceId;
    const line = {
      id: error.id,
      status: error.status,
      method: request.method,
      ...(request.routeOptions?.url !== undefined && { route: request.routeOptions.url }),
      ...(request.trace?.hop !== undefined && { hop: request.trace.hop }),
      ...(paymentId !== undefined && { paymentId }),
      ...(traceId !== undefined && { traceId }),
    };
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    // On payments the trace id is the payment's id (contract 0.3).
    if (paymentId !== undefined) void reply.header(TRACE_HEADER, paymentId);
    this.logFailure({ ...line, ...(reply.elapsedTime && { durationMs: Math.round(reply.elapsedTime) }) }, error);
    sendError(reply, this.withClocks(error));
  }

  /** Names clocks that are wrong in a refusal that they may have caused. */
  private withClocks(error: ContractError): ContractError {
    if (!CAUSED_BY_CLOCKS.has(error.id)) return error;
    const notes = this.clocks?.notes ?? [];
    if (notes.length === 0 || error.extras['clockSkew'] !== undefined) return error;
    const { status, id, message, extras, cause, retryAfterS } = error;
    return new ContractError(status, id, message, { ...extras, clockSkew: notes.join('; ') }, cause, retryAfterS);
  }

  /** Logs a refusal or failure once per role. A path without a route is only a debug line. */
  private logFailure(line: { status: number; route?: string }, error: ContractError): void {
    // Whoever asks for the health asks again and again; what is missing logs itself.
    if (line.route?.endsWith(HEALTH) && line.status === 503) this.logger.debug(line, 'not ready');
    else if (line.status >= 500) this.logger.error({ ...line, err: error }, 'request failed');
    else if (line.route === undefined) this.logger.debug(line, 'no such route');
    else this.logger.info(line, 'request refused');
  }
}
