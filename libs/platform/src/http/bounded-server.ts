import type { ContractError } from '@level-one/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { CommonErrorId, commonError } from '../errors/errors.js';
import { endWithError } from '../errors/raw-answer.js';

/** Bounds of connections and requests, per caller and in total; settings of every role. */
export interface ServerBounds {
  connectionsMax: number;
  connectionsPerAddress: number;
  requestsPerConnection: number;
}

/** Refuses connections above the bounds, and ends a connection whose caller does not read the answers. */
export function boundServer(fastify: FastifyInstance, bounds: ServerBounds): void {
  boundConnections(fastify.server, bounds);
  const underWay = new WeakMap<Socket, number>();
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    const { socket } = request.raw;
    const count = (underWay.get(socket) ?? 0) + 1;
    underWay.set(socket, count);
    if (count > bounds.requestsPerConnection) {
      reply.hijack();
      socket.destroy();
      return;
    }
    // Emitted if nothing comes for the time of an idle connection while the body is not here in full.
    request.raw.once('timeout', () => answerStalled(reply, socket));
    reply.raw.once('close', () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1));
    done();
  });
}

/** A socket that is not ended here would be closed without a word. */
function answerStalled(reply: FastifyReply, socket: Socket): void {
  if (reply.raw.headersSent) socket.destroy();
  else answerBadRequest(tooSlow(), socket);
}

function boundConnections(server: Server, { connectionsMax, connectionsPerAddress }: ServerBounds): void {
  server.maxConnections = connectionsMax;
  const byAddress = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (byAddress.get(address) ?? 0) + 1;
    byAddress.set(address, count);
    socket.once('close', () => {
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left > 0) byAddress.set(address, left);
      else byAddress.delete(address);
    });
    if (count > connectionsPerAddress) socket.destroy();
  });
}

const TOO_LARGE = 'HPE_HEADER_OVERFLOW';
const TOO_SLOW = 'ERR_HTTP_REQUEST_TIMEOUT';

function tooSlow(): Error & { code: string } {
  return Object.assign(new Error('The request stalls'), { code: TOO_SLOW });
}

/** Answers a request that is not HTTP, has too many headers or arrives too slowly with the contract's error body. */
export function answerBadRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  endWithError(socket, refusalOf(error));
}

function refusalOf({ code }: { code?: string }): ContractError {
  if (code === TOO_SLOW) return commonError(CommonErrorId.RequestTimeout);
  const message = code === TOO_LARGE ? 'The headers are larger than 16 KiB' : 'This is not an HTTP request';
  return commonError(CommonErrorId.InvalidBody, { message });
}
