import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommonErrorId, commonError, sendError } from '../errors/errors.js';
import type { Health } from './health.js';

/** Times of a stop; settings of every role. */
export interface StopTimes {
  /** Time in ms between "not ready" and the first refused request. */
  stopDelayMs: number;
  /** Time in s in which requests under way may end. */
  stopWithinS: number;
}

/** On an answer of a role that stops: nothing was done for the request, which may be sent again at once. */
export const STOPPING_HEADER = 'l1p-stopping';

const RETRY_AFTER_S = 1;

/** Order of a stop. Each state refuses what the one before it refuses. */
enum State {
  Running,
  /** Not ready; every request is still answered, and its connection ends with the answer. */
  Leaving,
  /** Requests that begin something are refused. */
  Ending,
  /** Every request is refused. */
  Closed,
}

/**
 * Stops a role's requests in order: not ready first, then nothing new is begun, then nothing is taken, and those under
 * way may end within a time. It runs before the shutdown hooks, so everything a request needs still works.
 */
export class GracefulStop {
  private state = State.Running;
  private readonly underWay = new Set<ServerResponse>();
  private begun = 0;
  private deadline: number | undefined;
  private readonly waiting = new Set<() => void>();
  private readonly endless: (() => void)[] = [];

  constructor(
    private readonly times: StopTimes,
    private readonly health: Pick<Health, 'leave'>,
  ) {}

  /** Whether nothing new may be begun, for example a websocket. */
  get refusesBeginnings(): boolean {
    return this.state >= State.Ending;
  }

  /** Counts requests, and refuses them when the stop has come so far. Install it before authentication. */
  install(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (_request: FastifyRequest, reply: FastifyReply, done) => {
      const { raw } = reply;
      if (this.state !== State.Running) void reply.header('connection', 'close');
      if (this.state === State.Closed) {
        refuse(reply);
        return;
      }
      this.underWay.add(raw);
      raw.once('close', () => {
        this.underWay.delete(raw);
        this.onEnd();
      });
      done();
    });
  }

  /** Refuses requests that begin something. Install it after authentication: that depends on the caller. */
  installForBeginnings(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
      if (!beginsSomething(request)) {
        done();
        return;
      }
      if (this.refusesBeginnings) {
        refuse(reply);
        return;
      }
      this.begun += 1;
      reply.raw.once('close', () => {
        this.begun -= 1;
        this.onEnd();
      });
      done();
    });
  }

  /** @param end ends answers that have no end of their own, such as streams, so that a stop does not wait for them */
  whenStopping(end: () => void): void {
    this.endless.push(end);
  }

  /** Says that the role is not ready, and gives proxies time to see it. */
  async leave(): Promise<void> {
    if (this.state >= State.Leaving) return;
    this.enter(State.Leaving);
    this.health.leave();
    if (this.times.stopDelayMs > 0) await sleep(this.times.stopDelayMs);
  }

  /** Refuses requests that begin something, and waits for those that have begun. */
  async endBeginnings(): Promise<void> {
    this.health.leave();
    this.enter(State.Ending);
    await this.until(() => this.begun === 0);
  }

  /** Refuses every request, and waits for those under way. */
  async end(): Promise<void> {
    await this.endBeginnings();
    this.enter(State.Closed);
    for (const end of this.endless) end();
    await this.until(() => this.underWay.size === 0);
  }

  private enter(state: State): void {
    if (this.state >= state) return;
    this.state = state;
    for (const response of this.underWay) {
      if (!response.headersSent) response.setHeader('connection', 'close');
    }
  }

  /** Waits until requests have ended, at most until the deadline that the first call sets. */
  private async until(haveEnded: () => boolean): Promise<void> {
    this.deadline ??= performance.now() + this.times.stopWithinS * 1_000;
    const leftMs = this.deadline - performance.now();
    if (haveEnded() || leftMs <= 0) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.waiting.delete(check);
        resolve();
      };
      const timer = setTimeout(end, leftMs);
      const check = (): void => {
        if (haveEnded()) end();
      };
      this.waiting.add(check);
    });
  }

  private onEnd(): void {
    for (const check of this.waiting) check();
  }
}

function beginsSomething({ routeOptions, callers }: FastifyRequest): boolean {
  const admission = routeOptions.config.access?.admission;
  return admission !== undefined && (callers?.some((caller) => admission.of.includes(caller)) ?? false);
}

/** 503 for a role that stops. */
export function isStopping(): Error & ReturnType<typeof commonError> {
  return commonError(CommonErrorId.ServiceUnavailable, {
    message: 'This role is stopping; nothing was done for this request',
    retryAfterS: RETRY_AFTER_S,
  });
}

function refuse(reply: FastifyReply): void {
  void reply.header('connection', 'close').header(STOPPING_HEADER, 'true');
  sendError(reply, isStopping());
}
