import { type ContractError, retryAfterOf } from '@level-one/errors';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { BASIC_CHALLENGE } from './errors.js';

const CREDENTIALS_NOT_GOOD = 401;

/** Answers with the contract's error body, and ends the connection, where there is no reply of the framework. */
export function endWithError(socket: Duplex, error: ContractError): void {
  const body = JSON.stringify(error.toBody());
  const retryAfterS = retryAfterOf(error);
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(retryAfterS === undefined ? [] : [`retry-after: ${retryAfterS}`]),
    ...(error.status === CREDENTIALS_NOT_GOOD ? [`www-authenticate: ${BASIC_CHALLENGE}`] : []),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
