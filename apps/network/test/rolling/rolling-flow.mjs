// @ts-check
/** What people do while roles are restarted. A client repeats what is answered 503 with Retry-After, and nothing else. */
import { Flow, FLOWS } from '../faults/kit/flows.mjs';

const ANSWER_TIMEOUT_MS = 100_000;

export class RollingFlow extends Flow {
  requests = 0;
  repeated = 0;
  slowestMs = 0;
  /** @type {string[]} */
  #losses = [];

  /** @returns {Promise<import('../faults/kit/flows.mjs').Told>} */
  async send(method, url, headers, body) {
    const since = performance.now();
    const told = await this.#sendOnce(method, url, headers, body);
    const tookMs = Math.round(performance.now() - since);
    this.requests += 1;
    this.slowestMs = Math.max(this.slowestMs, tookMs);
    if (told.status === 503 && told.retryAfter) this.repeated += 1;
    else if (told.status === 0 || told.status >= 500) {
      this.#losses.push(
        `${this.kind}: ${method} ${new URL(url).pathname}: ${told.status} after ${tookMs} ms ${JSON.stringify(told.body)}`,
      );
    }
    return told;
  }

  async #sendOnce(method, url, headers, body) {
    try {
      const answer = await fetch(url, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      const text = await answer.text();
      const isJson = answer.headers.get('content-type')?.includes('json');
      const read = isJson && text !== '' ? JSON.parse(text) : { message: text };
      return { status: answer.status, body: read, retryAfter: answer.headers.has('retry-after') };
    } catch (error) {
      return { status: 0, body: { message: String(error) }, retryAfter: false };
    }
  }

  /** Requests that were lost since the last call. */
  takeLosses() {
    return this.#losses.splice(0);
  }

  /** What the person wanted and did not get. */
  unfinished() {
    const last = this.answers.at(-1);
    if (last && last.told.status >= 200 && last.told.status < 300) return [];
    const before = this.answers.map(({ what, told }) => `${what} ${told.status}`).join(', ');
    return [
      `${last?.what ?? this.kind} ended with ${last?.told.status} ${JSON.stringify(last?.told.body)} (${before})`,
    ];
  }
}

const { invoice, quoted, rejected, cancelled } = FLOWS;

/** @type {Record<string, ((flow: Flow) => Promise<unknown>) | undefined>} */
export const ROLLING_FLOWS = { invoice, quoted, rejected, cancelled };
