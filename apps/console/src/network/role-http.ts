import { Injectable } from '@nestjs/common';
import { ContractError, isErrorId, cutText } from '@level-one/errors';
import {
  basicAuthorization,
  checkSteps,
  CommonErrorId,
  commonError,
  credentialPairs,
  isStorable,
} from '@level-one/platform';
import { inSlices } from '@level-one/work';
import { leadsElsewhere } from './leads-elsewhere.js';

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
  /**
   * Answers whatever status the role gives.
   * @throws ContractError 502 ExternalError if it gives none in time, or one that cannot be stored or shown; 404
   * NotFoundError for a path with `..` in it, however that is written
   */
  async call(
    role: CalledRole,
    { method = 'GET', path, body, timeoutMs = TIMEOUT_MS }: RoleRequest,
  ): Promise<RoleAnswer> {
    if (leadsElsewhere(path)) throw commonError(CommonErrorId.NotFound);
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
      return await readable(answer.status, await limitedText(answer));
    } catch (cause) {
      const what = cause instanceof UnreadableError ? 'gives an answer that cannot be read' : 'does not answer';
      throw commonError(CommonErrorId.External, { message: `${role.name} ${what}`, cause });
    }
  }

  /** The body of a good answer. @throws ContractError 502 ExternalError, or the refusal of the role */
  async read<T>(role: CalledRole, request: string | RoleRequest): Promise<T> {
    const { status, body } = await this.call(role, typeof request === 'string' ? { path: request } : request);
    if (status >= 200 && status < 300) return body as T;
    throw refusalOf(role, status, body);
  }

  /** The text of a good answer that is no JSON. @throws as {@link read} */
  async readText(role: CalledRole, path: string): Promise<string> {
    const { status, body, text } = await this.call(role, { path });
    if (status === 200) return text;
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
  const text = typeof message === 'string' ? cutText(message, MESSAGE_LENGTH_MAX) : `answered ${status}`;
  const isOwn = status === 401 || status === 403;
  const isPassedOn = status >= 400 && status < 500 && !isOwn && typeof id === 'string' && isErrorId(id);
  if (isPassedOn) return new ContractError(status, id, text);
  return commonError(CommonErrorId.External, { message: `${role.name}: ${text}` });
}

class UnreadableError extends Error {}

/** What cannot be stored or shown is no answer: roles may be of other DFSPs. @throws UnreadableError */
async function readable(status: number, text: string): Promise<RoleAnswer> {
  const body = parsed(text);
  try {
    await inSlices(checkSteps(body));
  } catch (cause) {
    throw new UnreadableError('it goes beyond the limits of input', { cause });
  }
  if (!isStorable(text)) throw new UnreadableError('it has characters that cannot be stored');
  return { status, body, text };
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
