import type { Writable } from 'node:stream';
import { WebSocket } from 'ws';

/** Websocket close codes in use (RFC 6455 and the IANA registry). */
export const CLOSE = {
  normal: 1000,
  goingAway: 1001,
  policyViolation: 1008,
  internalError: 1011,
  /** The peer should reconnect later and resume. */
  tryAgainLater: 1013,
  badGateway: 1014,
} as const;

/** How long a peer has to answer a close before its socket is destroyed. */
const CLOSE_GRACE_MS = 2_000;

/** Closes with a reason, and destroys the socket of a peer that does not answer. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState === WebSocket.CLOSED || socket.readyState === WebSocket.CLOSING) return;
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}

/**
 * Sends text. If more than `maxBufferedBytes` wait for a slow peer, its socket is closed with 1013 instead of
 * filling this process's memory.
 */
export function sendBounded(socket: WebSocket, text: string, maxBufferedBytes: number): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  if (socket.bufferedAmount > maxBufferedBytes) {
    closeSocket(socket, CLOSE.tryAgainLater, 'Too many notifications are waiting to be read');
    return;
  }
  socket.send(text, ignoreFailure);
}

/** As {@link sendBounded}, several texts in one write. @param stream under the socket */
export function sendTogether(
  socket: WebSocket,
  stream: Writable,
  texts: readonly string[],
  maxBufferedBytes: number,
): void {
  stream.cork();
  for (const text of texts) sendBounded(socket, text, maxBufferedBytes);
  stream.uncork();
}

/**
 * Sends text. If more than `maxBufferedBytes` wait already, resolves when it has left this process.
 * @returns false if the socket is closed.
 */
export async function sendPaced(socket: WebSocket, text: string, maxBufferedBytes: number): Promise<boolean> {
  if (socket.readyState !== WebSocket.OPEN) return false;
  if (socket.bufferedAmount <= maxBufferedBytes) {
    socket.send(text, ignoreFailure);
    return true;
  }
  return new Promise((resolve) => {
    socket.send(text, (error) => resolve(!error));
  });
}

/**
 * Pings at an interval and destroys a socket whose peer did not answer the last ping.
 *
 * @param isPaused while true, the socket is not read, and no ping is sent.
 */
export function keepAlive(socket: WebSocket, intervalMs: number, isPaused: () => boolean = () => false): void {
  let answered = true;
  socket.on('pong', () => (answered = true));
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN || isPaused()) return;
    if (!answered) socket.terminate();
    else socket.ping();
    answered = false;
  }, intervalMs);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}

// The socket closes after a failed send; the close is handled.
function ignoreFailure(): void {}
