import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { WebSocket } from 'ws';
import { type FuzzedBody, hostileBodies } from './fuzz-bodies.js';
import { agent, type Answer, LANES, send, shown } from './fuzz-client.js';
import { keepGoing } from './fuzz-upkeep.js';
import { KnownValues } from './fuzz-known-values.js';
import { type FuzzedRequest, fuzzedRequests, routesOf } from './fuzz-requests.js';
import { TestNetwork } from '../support/test-network.js';

/** The same requests each time, so that a change is judged by what it changed; both are read, for other and longer runs: `FUZZ_RUNS=50000 npm run test:e2e -- fuzz`. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 41_772_903);
const REQUESTS = Number(process.env['FUZZ_RUNS'] ?? 2_000);
const FRAMES = Math.ceil(REQUESTS / 3);
/** After as many the network is brought back to where payments work, and what exists is learned anew. */
const CHUNK = 500;
const BODY_LIMIT_BYTES = 128 * 1024;
const RUN_TIMEOUT_MS = 120_000 + 60 * REQUESTS;

/** Somebody further on could not be reached, or could not do it now. */
const OUTSIDE = new Set([502, 503, 504]);
/** What a stranger has no business to see in a refusal. */
const INSIDE =
  /node_modules|QueryFailed|\bSELECT\b[^]* FROM |INSERT INTO|violates|\.[jt]s:\d+|\n\s+at |(^|[\s"'(])\/(tmp|home|work|usr|root)\//;

function bodyOf(text: string): { id?: unknown; message?: unknown } {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
}

/** What is wrong with an answer; undefined if nothing is. */
function faultOf({ status, headers, text }: Answer, { method, body }: FuzzedRequest): string | undefined {
  // Who sends more than is taken is cut off while it is still sending.
  if (status === 0) return (body?.length ?? 0) > BODY_LIMIT_BYTES ? undefined : `no answer: ${text}`;
  if (status < 400) return undefined;
  if (status >= 500 && !OUTSIDE.has(status)) return 'a failure of ours';
  if (method === 'HEAD') return undefined;
  const { id, message } = bodyOf(text);
  if (!headers['content-type']?.startsWith('application/json')) return 'a refusal that is no JSON';
  if (typeof id !== 'string' || typeof message !== 'string') return 'a refusal in another form';
  return INSIDE.test(text) ? 'a refusal that tells about the inside' : undefined;
}

/** How often each was seen. */
class Tally {
  private readonly counts = new Map<string, number>();

  add(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  list(separator = '\n'): string {
    const sorted = [...this.counts].toSorted(([, a], [, b]) => b - a);
    return sorted.map(([what, count]) => `${count} × ${what}`).join(separator);
  }
}

/** A client of a websocket that sends one frame after the other and waits for the answer to each. */
class FrameClient {
  private socket: WebSocket | undefined;
  private answered: ((answer: string) => void) | undefined;

  constructor(
    private readonly url: string,
    private readonly auth: string,
  ) {}

  /** @returns the answer's text, or `closed <code>`. */
  async send({ bytes, headers }: FuzzedBody): Promise<string> {
    const socket = (this.socket ??= await this.open());
    return new Promise((resolve) => {
      this.answered = resolve;
      socket.send(bytes, { binary: headers['content-type'] === undefined });
    });
  }

  close(): void {
    this.socket?.terminate();
  }

  private async open(): Promise<WebSocket> {
    const authorization = `Basic ${Buffer.from(this.auth).toString('base64')}`;
    const socket = new WebSocket(this.url, { headers: { authorization } });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.on('message', (data) => {
        const frame = bodyOf(String(data)) as { method?: string };
        if (frame.method === 'connect') resolve();
        else if (frame.method !== 'notify') this.answer(String(data));
      });
    });
    socket.on('error', () => undefined);
    socket.once('close', (code) => {
      this.socket = undefined;
      this.answer(`closed ${code}`);
    });
    return socket;
  }

  private answer(text: string): void {
    this.answered?.(text);
    this.answered = undefined;
  }
}

/** Refused in JSON-RPC's words, or the connection ended for one that breaks the websocket's own rules. */
const FRAME_ANSWERS = new Set([-32700, -32600, -32601, -32602, 40000, 40001, 40002, 40300]);
const FRAME_CLOSES = new Set(['closed 1007', 'closed 1009']);

function frameFaultOf(answer: string): string | undefined {
  if (FRAME_CLOSES.has(answer)) return undefined;
  const { error, result } = bodyOf(answer) as { error?: { code: number }; result?: unknown };
  if (result !== undefined || (error && FRAME_ANSWERS.has(error.code) && !INSIDE.test(answer))) return undefined;
  return answer.slice(0, 200);
}

const FRAMES_SHOWN = [
  { jsonrpc: '2.0', id: 1, method: 'subscribe_account', params: { eventType: '*', accounts: ['alice'] } },
  { jsonrpc: '2.0', id: 'a', method: 'subscribe_account', params: { accounts: ['alice', 'bob'], resumeFrom: 1 } },
  { jsonrpc: '2.0', id: 2, method: 'subscribe_all_accounts', params: { eventType: 'transfer.*', resumeFrom: '0' } },
  { jsonrpc: '2.0', id: 3, method: 'subscribe_account', params: { eventType: 'message.send', accounts: [] } },
  { jsonrpc: '2.0', id: 4, method: 'subscribe_all_accounts' },
  { jsonrpc: '2.0', id: null, method: 'connect', params: {} },
  { jsonrpc: '2.0', id: 5, method: 'notify', params: { event: 'transfer.create', id: '1', resource: { id: 'x' } } },
];

describe(`A12: a network under hostile input, FUZZ_SEED=${SEED} FUZZ_RUNS=${REQUESTS}`, () => {
  let network: TestNetwork;
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    process.on('uncaughtException', note);
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    process.off('unhandledRejection', note);
    process.off('uncaughtException', note);
    agent.destroy();
    await network.close();
  });

  it(
    'answers every request on every route of every role as the contract has it',
    async () => {
      const faults: string[] = [];
      const outside = new Tally();
      const statuses = new Tally();
      const perRoute = new Map<string, Tally>();
      const known = new KnownValues();
      const { plan } = network.running;
      const all = plan.instances.flatMap((instance) => routesOf(plan, instance));
      const fuzz = async (one: FuzzedRequest): Promise<void> => {
        const { role, dfsp, method, path } = one.route;
        const answer = await send(new URL(network.url(role, dfsp)), one);
        if (answer.status >= 200 && answer.status < 300) known.learn(answer.text);
        statuses.add(String(answer.status));
        const ofRoute = perRoute.get(`${role} ${method} ${path}`) ?? new Tally();
        ofRoute.add(String(answer.status));
        perRoute.set(`${role} ${method} ${path}`, ofRoute);
        if (OUTSIDE.has(answer.status)) outside.add(`${role} ${one.method} ${path} ${answer.text.slice(0, 150)}`);
        const fault = faultOf(answer, one);
        if (fault) faults.push(`${fault}: ${answer.status} ${answer.text.slice(0, 300)} ← ${shown(one)}`);
      };
      for (let sent = 0; sent < REQUESTS; sent += CHUNK) {
        await keepGoing(network, known);
        const count = Math.min(CHUNK, REQUESTS - sent);
        const requests = fuzzedRequests(all, known, { seed: SEED + sent, count }).values();
        const lane = async (): Promise<void> => {
          for (const one of requests) await fuzz(one);
        };
        await Promise.all(Array.from({ length: LANES }, lane));
      }
      if (process.env['FUZZ_REPORT'])
        process.stdout.write(
          `${[...perRoute].map(([name, tally]) => `${name}: ${tally.list(', ')}`).join('\n')}\n\n${statuses.list()}\n\n${outside.list()}\n\n${faults.join('\n')}\n`,
        );
      expect(faults.slice(0, 20)).toEqual([]);
      expect(unhandled).toEqual([]);
      expect(await network.violations()).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );

  it(
    'answers every frame as the contract has it, and goes on serving',
    async () => {
      const websockets = [
        { url: network.url('dfsp-ledger', 'dfsp1', '/ledger/websocket'), auth: 'admin:admin' },
        { url: network.url('dfsp-ledger', 'dfsp2', '/ledger/websocket'), auth: 'bob:bob' },
        { url: network.url('dfsp-ledger', 'dfsp1', '/ledger/accounts/alice/transfers'), auth: 'alice:alice' },
        { url: network.url('central-ledger', null, '/websocket'), auth: 'admin:admin' },
        { url: network.url('ledger-adapter', 'dfsp1', '/ilp/ledger/v1/websocket'), auth: 'admin:admin' },
        { url: network.url('ledger-adapter', 'dfsp2', '/ledger/websocket'), auth: 'bob:bob' },
      ].map(({ url, auth }) => ({ url: url.replace('http', 'ws'), auth }));
      const frames = fc.sample(hostileBodies(FRAMES_SHOWN), { seed: SEED, numRuns: FRAMES });
      const faults: string[] = [];
      const answers = new Tally();
      const good = { jsonrpc: '2.0', id: 1, method: 'subscribe_account', params: { eventType: '*', accounts: [] } };
      await Promise.all(
        websockets.map(async ({ url, auth }, index) => {
          const client = new FrameClient(url, auth);
          for (const frame of frames.filter((_, place) => place % websockets.length === index)) {
            const answer = await client.send(frame);
            answers.add(answer.slice(0, 100).replaceAll(/"id":[^,]*/g, ''));
            const fault = frameFaultOf(answer);
            if (fault) faults.push(`${url}: ${fault} ← ${String(frame.bytes).slice(0, 400)}`);
          }
          const last = await client.send({
            bytes: Buffer.from(JSON.stringify(good)),
            headers: { 'content-type': 'x' },
          });
          expect(JSON.parse(last)).toEqual({ jsonrpc: '2.0', id: 1, result: 0 });
          client.close();
        }),
      );
      if (process.env['FUZZ_REPORT']) process.stdout.write(`${answers.list()}\n\n${faults.join('\n')}\n`);
      expect(faults.slice(0, 20)).toEqual([]);
      expect(unhandled).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );
});
