// @ts-check
/**
 * One keep-alive HTTP/1.1 connection with one request at a time. Written by hand: the load shares the processors with
 * the ledger that it measures, and this takes a fraction of the time of a general client.
 */
import { connect } from 'node:net';

const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

export class HttpConnection {
  #socket;
  #received = '';
  /** @type {{ resolve: (answer: { status: number, body: string }) => void, reject: (reason: Error) => void } | undefined} */
  #waiting;

  /**
   * @param {string} host
   * @param {number} port
   * @returns {Promise<HttpConnection>}
   */
  static async open(host, port) {
    const socket = connect({ host, port, noDelay: true });
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new HttpConnection(socket);
  }

  constructor(socket) {
    this.#socket = socket;
    // One character for each byte: lengths are counted in bytes, and the bodies are not read.
    socket.setEncoding('latin1');
    socket.on('data', (text) => this.#onData(text));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the ledger closed the connection')));
  }

  /** Sends a whole request, of characters that are one byte each. */
  exchange(request) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request, 'latin1');
    });
  }

  close() {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #onData(text) {
    this.#received = this.#received === '' ? text : this.#received + text;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.#received.slice(0, headEnd);
    const length = CONTENT_LENGTH.exec(head)?.[1];
    if (length === undefined) {
      this.#fail(new Error(`an answer without content-length: ${head}`));
      return;
    }
    const bodyStart = headEnd + HEAD_END.length;
    const bodyEnd = bodyStart + Number(length);
    if (this.#received.length < bodyEnd) return;
    const answer = { status: Number(head.slice(9, 12)), body: this.#received.slice(bodyStart, bodyEnd) };
    this.#received = this.#received.slice(bodyEnd);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(answer);
  }

  #fail(error) {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(error);
  }
}

/** Text of a request without path and body; `finish` adds these. */
export function requestText({ host, port, token, contentType }) {
  const headers = `Host: ${host}:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${contentType}\r\n`;
  return (path, body) => `PUT ${path} HTTP/1.1\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}
