import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { basicAuthorization, CommonErrorId, commonError, credentialPairs } from '@level-one/platform';

const TIMEOUT_MS = 15_000;
/** Longest answer that is read. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
const MESSAGE_LENGTH_MAX = 300;

/** Where a request goes, with whose credentials. */
export interface CalledRole {
  /** For messages: `dfsp1/dfsp-api`. */
  name: string;
  /** Base URL without a slash at the end. */
  url: string;
  /** name:password; without it the request has no credentials. */
  credentials: string | undefined;
}

export interface RoleRequest {
  method?: string;
  /** Begins with a slash, with the query. */
  path: string;
  body?: unknown;
  timeoutMs?: number;
}

export interface RoleAnswer {
  status: number;
  /** Parsed JSON; undefined if it is none. */
  body: unknown;
  text: string;
}

/** Calls roles of the network. Credentials are never a part of an answer or an error. */
@Injectable()
export class RoleHttp {
  /** Answers whatever status the role gives. @throws ContractError 502 ExternalError if it gives none in time */
  async call(
    role: CalledRole,
    { method = 'GET', path, body, timeoutMs = TIMEOUT_MS }: RoleRequest,
  ): Promise<RoleAnswer> {
    try {
      const answer = await fetch(role.url + path, {
        method,
        redirect: 'manual',
        headers: {
          ...authorizationOf(role),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await limitedText(answer);
      return { status: answer.status, body: parsed(text), text };
    } catch (cause) {
      throw commonError(CommonErrorId.External, { message: `${role.name} does not answer`, cause });
    }
  }

  /** The body of a good answer. @throws ContractError 502 ExternalError, or the refusal of the role */
  async read<T>(role: CalledRole, request: string | RoleRequest): Promise<T> {
    const { status, body } = await this.call(role, typeof request === 'string' ? { path: request } : request);
    if (status >= 200 && status < 300) return body as T;
    throw refusalOf(role, status, body);
  }

  /** Undefined for 404. @throws as {@link read} */
  async find<T>(role: CalledRole, path: string): Promise<T | undefined> {
    const { status, body } = await this.call(role, { path });
    if (status === 404) return undefined;
    if (status === 200) return body as T;
    throw refusalOf(role, status, body);
  }
}

function authorizationOf({ credentials }: CalledRole): Record<string, string> {
  const [pair] = credentials === undefined ? [] : credentialPairs(credentials);
  return pair ? { authorization: basicAuthorization(pair.name, pair.password) } : {};
}

/**
 * The refusal of a role, as the console passes it on. Missing or wrong credentials are the console's own fault: its
 * caller has signed in.
 */
export function refusalOf(role: CalledRole, status: number, body: unknown): ContractError {
  const { id, message } = (body ?? {}) as { id?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message.slice(0, MESSAGE_LENGTH_MAX) : `answered ${status}`;
  const isPassedOn = status >= 400 && status < 500 && status !== 401 && status !== 403 && typeof id === 'string';
  if (isPassedOn) return new ContractError(status, id, text);
  return commonError(CommonErrorId.External, { message: `${role.name}: ${text}` });
}

async function limitedText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
