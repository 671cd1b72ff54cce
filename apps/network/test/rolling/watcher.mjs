// @ts-check
/** A websocket at a ledger that stays open over restarts: it connects again and resumes, and knows if it missed anything. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { basic } from '../faults/kit/flows.mjs';

/** Codes by which a role that stops, or restarts, closes a websocket. */
const IN_ORDER = new Set([1001, 1012]);
const PAUSE_MS = 50;
/** An event arrives by then, on a busy machine too. */
const ARRIVES_MS = 30_000;

export class Watcher {
  /** @type {number[]} */
  sequences = [];
  /** @type {number[]} */
  codes = [];
  /** Attempts to connect that were answered by something else than 503. @type {number[]} */
  refusals = [];
  #isOver = false;
  /** @type {WebSocket | undefined} */
  #socket;

  /** @param {string} name @param {string} url base URL of the ledger @param {string} schema */
  constructor(name, url, schema) {
    this.name = name;
    this.schema = schema;
    this.url = `${url.replace(/^http/, 'ws')}/websocket`;
  }

  async start() {
    await this.#connect();
    void this.#keep();
  }

  async #keep() {
    while (!this.#isOver) {
      if (this.#socket?.readyState === WebSocket.OPEN) await sleep(PAUSE_MS);
      else await this.#connect().catch(() => sleep(PAUSE_MS));
    }
  }

  /** @returns {Promise<void>} */
  #connect() {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(this.url, { headers: { authorization: basic('admin') } });
      this.#socket = socket;
      socket.once('unexpected-response', (_, response) => {
        response.resume();
        if (response.statusCode !== 503) this.refusals.push(response.statusCode ?? 0);
        socket.terminate();
        reject(new Error(`answered ${response.statusCode}`));
      });
      socket.once('error', reject);
      socket.on('message', (data) => this.#read(socket, JSON.parse(String(data)), resolve));
      socket.once('close', (code) => {
        if (!this.#isOver) this.codes.push(code);
        reject(new Error(`closed with ${code}`));
      });
    });
  }

  #read(socket, { method, id, params }, resolve) {
    if (method === 'connect') {
      const resumeFrom = this.sequences.at(-1);
      const wanted = { eventType: '*', ...(resumeFrom !== undefined && { resumeFrom }) };
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscribe_all_accounts', params: wanted }));
    } else if (method === 'notify') this.sequences.push(params.sequence);
    else if (id === 1) resolve();
  }

  /** What was not in order; compares with the ledger's own log. */
  async faults(network) {
    const faults = [];
    const bad = this.codes.filter((code) => !IN_ORDER.has(code));
    if (bad.length > 0) faults.push(`websocket of ${this.name} was closed with ${bad.join(', ')}`);
    if (this.refusals.length > 0) faults.push(`websocket of ${this.name} was answered ${this.refusals.join(', ')}`);
    const { missed, expected } = await this.#missed(network);
    if (missed.length > 0) {
      const which = missed.slice(0, 5).join(', ');
      faults.push(
        `websocket of ${this.name} missed ${missed.length} of ${expected.length} events: ${which} of ${expected[0]} to ${expected.at(-1)}`,
      );
    }
    const sorted = this.sequences.every((one, index) => index === 0 || one > (this.sequences[index - 1] ?? 0));
    if (!sorted) faults.push(`websocket of ${this.name} had events twice or out of order`);
    return faults;
  }

  /** Events of the ledger's log that have not arrived, and all that should have. */
  async #missed(network) {
    const { rows } = await network.sql.query(
      `SELECT sequence FROM ${this.schema}.events WHERE sequence >= $1 ORDER BY sequence`,
      [this.sequences[0] ?? 0],
    );
    const expected = rows.map(({ sequence }) => Number(sequence));
    for (const until = Date.now() + ARRIVES_MS; ; await sleep(PAUSE_MS)) {
      const missed = expected.filter((one) => !this.sequences.includes(one));
      if (missed.length === 0 || Date.now() > until) return { missed, expected };
    }
  }

  close() {
    this.#isOver = true;
    this.#socket?.terminate();
  }
}
