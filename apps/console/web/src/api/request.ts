import { BASE_PATH } from './base-path';

/** Answer of the console, or of a DFSP behind it, that is no success: `{ id, message }` and what else the body has. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  /** The payment that is still open: an answer 502 names it. Any other answer is the end of its payment. */
  get openPaymentId(): string | undefined {
    return this.status === 502 && typeof this.body.paymentId === 'string' ? this.body.paymentId : undefined;
  }
}

/** A payment may take as long as the DFSP API waits for its end. */
const TIMEOUT_MS = 95_000;

/**
 * Calls the console. A body is sent as JSON.
 * @throws RequestError if the answer is no success, or none comes
 */
export async function request<T>(path: string, init: { method?: string; body?: unknown } = {}): Promise<T> {
  return (await readJson(await send(path, init))) as T;
}

/** A file of the console, which is not JSON. @throws as {@link request} */
export async function requestFile(path: string): Promise<Blob> {
  return (await send(path, {})).blob();
}

async function send(path: string, init: { method?: string; body?: unknown }): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(BASE_PATH + path, {
      method: init.method ?? 'GET',
      headers: init.body === undefined ? {} : { 'content-type': 'application/json' },
      body: init.body === undefined ? undefined : JSON.stringify(init.body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new RequestError(0, 'NoAnswer', String(error));
  }
  if (response.ok) return response;
  const body = (await readJson(response)) ?? {};
  const { id, message } = body as { id?: unknown; message?: unknown };
  throw new RequestError(
    response.status,
    typeof id === 'string' ? id : `Status${response.status}`,
    typeof message === 'string' ? message : response.statusText,
    body as Record<string, unknown>,
  );
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Query string of the members that have a value, with its question mark; empty if there is none. */
export function queryString(members: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(members).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
