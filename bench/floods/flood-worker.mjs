// @ts-check
/** Thread that attacks: 64 clients that guess passwords, or 20 websockets that replay a log. */
import { randomBytes } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { Agent, request } from 'undici';
import { WebSocket } from 'ws';
import { codeOf, messageOf } from '../shared/errors.mjs';

const { kind, targets, clients, token, account, lastSequence } = workerData;
const dispatcher = new Agent({ connections: clients });
const counts = {};
const run = { isStopping: false };

function count(what) {
  counts[what] = (counts[what] ?? 0) + 1;
}

async function guess(client) {
  for (let n = 0; !run.isStopping; n += 1) {
    const { url, name } = targets[(client + n) % targets.length];
    const authorization = `Basic ${Buffer.from(`${name}:${randomBytes(6).toString('hex')}`).toString('base64')}`;
    try {
      const { statusCode, body } = await request(url, { headers: { authorization }, dispatcher });
      await body.dump();
      count(statusCode);
    } catch (error) {
      count(String(codeOf(error) ?? messageOf(error)));
    }
  }
}

function replay() {
  const socket = new WebSocket(`${targets[0].url.replace(/^http/, 'ws')}/websocket`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const fromStart = () => {
    const params = { accounts: [account], resumeFrom: 0 };
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscribe_account', params }));
  };
  socket.once('open', fromStart);
  socket.on('message', (data) => {
    const { method, params } = JSON.parse(String(data));
    if (method !== 'notify') return;
    count('events');
    if (params.sequence < lastSequence) return;
    count('whole logs');
    fromStart();
  });
  socket.on('error', (error) => count(error.message));
  socket.on('close', (code) => count(`closed ${code}`));
  return socket;
}

const parent = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const guesses = kind === 'guesses' ? Array.from({ length: clients }, (_, client) => guess(client)) : [];
const replays = kind === 'guesses' ? [] : Array.from({ length: clients }, () => replay());
parent.once('message', async () => {
  run.isStopping = true;
  await Promise.all(guesses);
  for (const socket of replays) socket.terminate();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parent.postMessage(counts);
  await dispatcher.close();
});
