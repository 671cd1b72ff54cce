// @ts-check
/** A websocket that is subscribed to all accounts of a ledger, in the load process. */
import { WebSocket } from 'ws';

const ANSWER_TIMEOUT_MS = 10_000;

/** In a frame `event` and `sequence` come before the resource, and the first transfer id is that of the resource. */
const EVENT = /"event":"([a-z.]+)"/;
const SEQUENCE = /"sequence":(\d+)/;
const TRANSFER = /\/transfers\/([0-9a-f-]{36})"/;

/**
 * @typedef {object} Heard
 * @property {string} event
 * @property {number} sequence
 * @property {string} transferId
 */

export class Subscriber {
  #socket;
  /** @type {(answer: any) => void} */
  #onAnswer = () => undefined;
  #isClosing = false;

  /**
   * @param {string} ledger base URL
   * @param {string} token
   * @param {(heard: Heard) => void} onNotify
   */
  static async open(ledger, token, onNotify) {
    const socket = new WebSocket(`${ledger.replace(/^http/, 'ws')}/websocket`, {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
    });
    const subscriber = new Subscriber(socket, onNotify);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return subscriber;
  }

  constructor(socket, onNotify) {
    this.#socket = socket;
    /** Rejects when the ledger ends the connection. @type {Promise<never>} */
    this.broken = new Promise((_, reject) => {
      socket.on('close', (code, reason) => {
        if (!this.#isClosing) reject(new Error(`the ledger closed the websocket: ${code} ${String(reason)}`));
      });
    });
    // Calls that wait for something race with it; alone it must not end the process.
    this.broken.catch(() => undefined);
    socket.on('message', (data) => {
      const text = data.latin1Slice();
      if (text.includes('"method":"notify"')) onNotify(heardIn(text));
      else if (!text.includes('"method":"connect"')) this.#onAnswer(JSON.parse(text));
    });
  }

  /** Subscribes to all accounts; resolves with the ledger's answer. */
  async subscribe(params = {}) {
    const answered = new Promise((resolve) => {
      this.#onAnswer = resolve;
    });
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscribe_all_accounts', params }));
    const { error } = await within(ANSWER_TIMEOUT_MS, 'an answer to subscribe_all_accounts', [answered, this.broken]);
    if (error) throw new Error(`subscribe_all_accounts was refused: ${error.message}`);
  }

  close() {
    this.#isClosing = true;
    this.#socket.terminate();
  }
}

/** Event, sequence and transfer id of a frame; cheaper than parsing it. */
function heardIn(text) {
  return {
    event: EVENT.exec(text)?.[1] ?? '',
    sequence: Number(SEQUENCE.exec(text)?.[1]),
    transferId: TRANSFER.exec(text)?.[1] ?? '',
  };
}

/** The first of these promises. @throws Error when none comes in time */
export async function within(milliseconds, what, promises) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([late, ...promises]);
  } finally {
    clearTimeout(timer);
  }
}
