import { ApiResponse } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { sendError, toContractError } from '../errors/errors.js';
import type { AdmissionLimiter } from '../limits/admission-limiter.js';
import type { RoleLogger } from '../logging/logger.js';
import { accessOf, type Admission, type CallerKind } from './callers.js';

interface AdmittedRequest extends FastifyRequest {
  isAdmitted?: boolean;
}

/** The limit is moved this often. */
const ADAPT_MS = 100;
/** Share of the time in which the process was busy, above which it is saturated. */
const SATURATED_ABOVE = 0.9;
const LOGGED_EVERY_MS = 60_000;

/**
 * Says that requests of these callers begin a payment, a quote or an invoice. Only such requests are refused when the
 * role has too much to do, before anything is stored or sent.
 */
export function Admits(...of: [CallerKind, ...CallerKind[]]): MethodDecorator {
  return admits({ of, goFirst: false });
}

/** The same for requests that use what was agreed before, for example a quote: they go before others. */
export function AdmitsFirst(...of: [CallerKind, ...CallerKind[]]): MethodDecorator {
  return admits({ of, goFirst: true });
}

function admits(admission: Admission): MethodDecorator {
  return (target, key, descriptor) => {
    accessOf(descriptor.value as object).admission = admission;
    ApiResponse({
      status: 503,
      description: 'ServiceUnavailableError',
      schema: { $ref: '#/components/schemas/ErrorDto' },
      headers: {
        'Retry-After': {
          description: 'seconds after which the request may be sent again',
          schema: { type: 'integer', minimum: 1, example: 1 },
        },
      },
    })(target, key, descriptor as TypedPropertyDescriptor<unknown>);
  };
}

/**
 * Limits the requests that begin something, on all routes with {@link Admits}. They wait after their body has arrived, so
 * that slow callers take no place.
 */
export function installAdmission(
  fastify: FastifyInstance,
  limiter: AdmissionLimiter,
  logger: Pick<RoleLogger, 'warn'>,
): void {
  if (limiter.isOff) return;
  const logRefusal = loggedOnce(logger);
  fastify.addHook('onRoute', (route) => {
    const admission = route.config?.access?.admission;
    if (admission) limitRoute(route, admission, limiter, logRefusal);
  });
  adaptToLoad(fastify, limiter);
}

function limitRoute(
  route: RouteOptions,
  { of, goFirst }: Admission,
  limiter: AdmissionLimiter,
  logRefusal: () => void,
): void {
  const enter = async (request: AdmittedRequest, reply: FastifyReply): Promise<unknown> => {
    if (!request.callers?.some((caller) => of.includes(caller))) return undefined;
    try {
      await limiter.admit(goFirst);
      request.isAdmitted = true;
      return undefined;
    } catch (error) {
      logRefusal();
      sendError(reply, toContractError(error));
      return reply;
    }
  };
  // The answer is made when the work is done, also if the caller is gone by then.
  const leave = (request: AdmittedRequest, _reply: FastifyReply, _payload: unknown, done: () => void): void => {
    if (request.isAdmitted) limiter.release();
    request.isAdmitted = false;
    done();
  };
  route.preValidation = [route.preValidation ?? [], enter].flat();
  route.onSend = [route.onSend ?? [], leave].flat();
}

function loggedOnce(logger: Pick<RoleLogger, 'warn'>): () => void {
  let loggedAt = -Infinity;
  return () => {
    const now = performance.now();
    if (now - loggedAt < LOGGED_EVERY_MS) return;
    loggedAt = now;
    logger.warn({}, 'too much to do: requests are refused; not logged again for one minute');
  };
}

function adaptToLoad(fastify: FastifyInstance, limiter: AdmissionLimiter): void {
  let last = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    limiter.adapt(performance.eventLoopUtilization(now, last).utilization > SATURATED_ABOVE);
    last = now;
  }, ADAPT_MS);
  timer.unref();
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(timer);
    done();
  });
}
