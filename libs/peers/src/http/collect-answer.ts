import type { Dispatcher } from 'undici';
import type { IncomingHttpHeaders } from 'undici/types/header.js';

/** An answer with its whole body. */
export interface CollectedAnswer {
  statusCode: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
}

/**
 * Sends a request and collects its answer. undici's `request` makes a stream of every body, which costs more than the
 * rest of a call; bodies here are small, and bounded by the dispatcher.
 *
 * @param timeoutMs for all of it: connection, request, answer and body
 * @throws Error of undici, or `TimeoutError`
 */
export function collectAnswer(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  timeoutMs: number,
): Promise<CollectedAnswer> {
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(request, new AnswerCollector(resolve, reject, timeoutMs));
  });
}

class AnswerCollector implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private timeout: Error | undefined;
  private readonly timer: NodeJS.Timeout;
  private statusCode = 0;
  private headers: IncomingHttpHeaders = {};
  private readonly chunks: Buffer[] = [];

  constructor(
    private readonly resolve: (answer: CollectedAnswer) => void,
    private readonly reject: (error: Error) => void,
    timeoutMs: number,
  ) {
    this.timer = setTimeout(() => this.giveUp(), timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // It waited too long for a connection.
    if (this.timeout) controller.abort(this.timeout);
  }

  onResponseStart(_controller: unknown, statusCode: number, headers: IncomingHttpHeaders): void {
    this.statusCode = statusCode;
    this.headers = headers;
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.timer);
    const { statusCode, headers, chunks } = this;
    this.resolve({ statusCode, headers, bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) });
  }

  onResponseError(_controller: unknown, error: Error): void {
    clearTimeout(this.timer);
    this.reject(error);
  }

  private giveUp(): void {
    this.timeout = new DOMException('The answer did not come in time', 'TimeoutError');
    this.controller?.abort(this.timeout);
    this.reject(this.timeout);
  }
}
