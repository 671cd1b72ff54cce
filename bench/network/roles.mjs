// @ts-check
/** Roles of the demo network that a benchmark calls, and how it calls them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

/** Offsets of ports from the network's first port. */
export const CENTRAL_DIRECTORY = 10;
export const DFSP_API = { dfsp1: 100, dfsp2: 200 };
export const DFSP_LEDGER = { dfsp1: 108, dfsp2: 208 };

/** Credentials of the demo network: the password is the name. */
export const basic = (name) => `Basic ${Buffer.from(`${name}:${name}`).toString('base64')}`;

/** A role has too much to do and says when to come again: 503 with `Retry-After`. */
export class NotNow extends Error {
  /**
   * @param {string} message
   * @param {number} retryAfterS
   */
  constructor(message, retryAfterS) {
    super(message);
    this.retryAfterS = retryAfterS;
  }
}

/**
 * Sends JSON and reads JSON.
 * @param {string} asked `METHOD URL`
 * @param {{ authorization?: string, body?: object }} [options]
 * @returns {Promise<any>}
 * @throws NotNow
 * @throws Error for any other status from 300 on
 */
export async function call(asked, { authorization, body } = {}) {
  const [method, url = ''] = asked.split(' ');
  const headers = { ...(body && { 'content-type': 'application/json' }), ...(authorization && { authorization }) };
  const answer = await request(url, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  if (answer.statusCode < 300) return JSON.parse(text);
  const message = `${asked}: ${answer.statusCode} ${text}`;
  const retryAfterS = Number(answer.headers['retry-after']);
  throw answer.statusCode === 503 && retryAfterS > 0 ? new NotNow(message, retryAfterS) : new Error(message);
}

/**
 * Repeats `ask` as long as the role has too much to do, each time as late as it says.
 * @template T
 * @param {() => Promise<T>} ask
 * @param {() => void} [onRefusal]
 * @returns {Promise<T>}
 */
export async function untilAdmitted(ask, onRefusal = () => undefined) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NotNow)) throw error;
      onRefusal();
      await sleep(error.retryAfterS * 1_000);
    }
  }
}
