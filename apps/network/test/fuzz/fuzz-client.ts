import { HOPS } from '@level-one/peers';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { FuzzedRequest } from './fuzz-requests.js';

/** As many requests are under way at a time. */
export const LANES = 8;
/** A payment may take as long as the longest hop waits for it: T1 is prepared, and nobody gives its fulfillment. */
const PATIENCE_MS = Math.max(...HOPS.map(({ timeoutMs }) => timeoutMs)) + 10_000;

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** To be destroyed in the end. */
export const agent = new Agent({ keepAlive: true, maxSockets: LANES });

/** Sends a request as it is; status 0 when the connection ends without an answer. */
export function send(url: URL, { method, target, headers, body }: FuzzedRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body ? { 'content-length': String(body.length) } : {};
    const sent = request({
      agent,
      hostname: url.hostname,
      port: url.port,
      method,
      path: target,
      headers: { ...headers, ...length },
      timeout: PATIENCE_MS,
    });
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve({ status: 0, headers: {}, text: 'the answer broke off' }));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, text: String(Buffer.concat(chunks)) }),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_UNESCAPED_CHARACTERS' || error.code === 'ERR_INVALID_CHAR') reject(error);
      else resolve({ status: 0, headers: {}, text: error.message });
    });
    sent.end(body);
  });
}

/** A request in a failure message. */
export function shown({ route, method, target, headers, body }: FuzzedRequest): string {
  const { authorization, ...others } = headers;
  const login = authorization ? Buffer.from(authorization.slice(6), 'base64').toString().slice(0, 40) : 'nobody';
  return `${route.role} ${method} ${target.slice(0, 200)} ${JSON.stringify(others).slice(0, 200)} as ${login}: ${String(body ?? '').slice(0, 600)}`;
}
