import { cutText } from '@level-one/errors';
import { inputLimits, parseJsonInput } from '@level-one/platform';

const TOLD_CHARS = 256;
/** Requests are flat; the websocket limits the length of a frame. */
const FRAME_LIMITS = { ...inputLimits(Infinity), depth: 64 };

/** Error codes of the websocket (contract 3.7). */
export enum RpcErrorCode {
  Parse = -32700,
  InvalidRequest = -32600,
  UnknownMethod = -32601,
  InvalidParams = -32602,
  NullId = 40000,
  BadAccountName = 40001,
  ForeignAccount = 40002,
  NotAuthorized = 40300,
  Internal = 50000,
}

export type RpcId = string | number;

export interface RpcRequest {
  id: RpcId;
  method: string;
  params: unknown;
}

/** Answered as `{ code, message: "RpcError: <text>", data: { name: "RpcError", message: "<text>" } }`. */
export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    readonly code: RpcErrorCode,
    message: string,
    /** Id of the request; null if it could not be read. */
    readonly requestId: RpcId | null = null,
  ) {
    super(message);
  }
}

export function connectFrame(): object {
  return { jsonrpc: '2.0', id: null, method: 'connect' };
}

export function resultFrame(id: RpcId, result: unknown): object {
  return { jsonrpc: '2.0', id, result };
}

export function errorFrame(id: RpcId | null, error: RpcError): object {
  const { code, name, message } = error;
  return { jsonrpc: '2.0', id, error: { code, message: `${name}: ${message}`, data: { name, message } } };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads one frame as a request; batches are not part of the protocol.
 *
 * @throws RpcError −32700, −32600 or 40000.
 */
export function parseRequest(text: string): RpcRequest {
  const frame = parseJson(text);
  if (!isRecord(frame)) throw new RpcError(RpcErrorCode.InvalidRequest, 'Invalid Request');
  const { jsonrpc, id, method, params } = frame;
  const knownId = typeof id === 'string' || typeof id === 'number' ? id : null;
  if (jsonrpc !== '2.0' || typeof method !== 'string' || (id !== null && knownId === null)) {
    throw new RpcError(RpcErrorCode.InvalidRequest, 'Invalid Request', knownId);
  }
  if (knownId === null) throw new RpcError(RpcErrorCode.NullId, 'Invalid id');
  return { id: knownId, method, params };
}

function parseJson(text: string): unknown {
  try {
    return parseJsonInput(text, FRAME_LIMITS, { exactNumbers: false });
  } catch (error) {
    if (isJson(text)) throw new RpcError(RpcErrorCode.InvalidRequest, `Invalid Request: ${(error as Error).message}`);
    throw new RpcError(RpcErrorCode.Parse, 'Frame is not valid JSON');
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The part of a caller's value that the error message repeats. */
export function shortened(text: string): string {
  return text.length <= TOLD_CHARS ? text : `${cutText(text, TOLD_CHARS)}…`;
}
