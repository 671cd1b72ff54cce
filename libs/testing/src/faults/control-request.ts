import type { IncomingMessage } from 'node:http';

const BODY_LENGTH_MAX = 256 * 1024;
const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/i;

/**
 * Whether a page in a browser sends a request that changes something, or asks by a name that only leads to this machine.
 * Switches ask for no credentials, and any page that is open on this machine could use them.
 */
export function isFromPage({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  const { host = '', origin } = headers;
  const url = `http://${host}`;
  if (!URL.canParse(url) || !LOOPBACK.test(new URL(url).hostname)) return true;
  return method !== 'GET' && (origin !== undefined || (headers['sec-fetch-site'] ?? 'none') !== 'none');
}

/** The JSON of a body; `{}` if it is empty. @throws Error if it is too long, or no JSON */
export async function controlBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BODY_LENGTH_MAX) throw new Error('the body is too large');
  }
  return text === '' ? {} : JSON.parse(text);
}

/** The answer to a page. */
export const NOT_FOR_PAGES: [number, unknown] = [
  403,
  { id: 'UnauthorizedError', message: 'Requests of pages in a browser are refused' },
];
