// @ts-check
/** Two ways in which Erin (dfsp1) pays Frank (dfsp2). */
import { randomUUID } from 'node:crypto';
import { request } from 'undici';

const ERIN = '92806391';
const FRANK = '30754016';
/** Amount above every fee of the demo network's tariffs. */
const AMOUNT = '2';
/** Opening balance: enough for every payment of a run. */
const BALANCE = '10000000';

const DFSP_API = 100;
const SPSP_CLIENT = 102;
const DFSP_LEDGER = 108;
const OTHER_SPSP_SERVER = 203;

const basic = (name) => `Basic ${Buffer.from(`${name}:${name}`).toString('base64')}`;

/** Sends JSON and reads JSON. @returns {Promise<any>} */
async function send(method, url, body, authorization) {
  const headers = { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) };
  const answer = await request(url, { method, headers, body: JSON.stringify(body) });
  const json = await answer.body.json();
  if (answer.statusCode < 300) return json;
  throw new Error(`${method} ${url}: ${answer.statusCode} ${JSON.stringify(json)}`);
}

function assertExecuted({ status }) {
  if (status !== 'executed') throw new Error(`a payment ended as ${status} instead of executed`);
}

/** @param {import('./network.mjs').Network} network */
export function prepareAccounts(network) {
  const funds = { id: randomUUID(), amount: BALANCE, direction: 'in', reference: 'benchmark' };
  return send('POST', `${network.urlOf(DFSP_LEDGER)}/ledger/accounts/erin/funds`, funds, basic('admin'));
}

/** @type {Record<'plain' | 'quoted', (network: import('./network.mjs').Network) => Promise<void>>} */
export const WAYS = {
  /** Set up with the payee's DFSP and paid, without quote, fee or limit. */
  async plain(network) {
    const client = `${network.urlOf(SPSP_CLIENT)}/v1`;
    const setup = await send('POST', `${client}/setup`, {
      receiver: `${network.urlOf(OTHER_SPSP_SERVER)}/v1/receivers/${FRANK}`,
      sourceAccount: 'erin',
      sourceIdentifier: ERIN,
      destinationAmount: AMOUNT,
    });
    assertExecuted(await send('POST', `${client}/transfers/${setup.id}`, setup));
  },

  /** Quoted by both DFSPs, then paid at that price: the payer's fee, the payee's fee and a commission are booked. */
  async quoted(network) {
    const api = `${network.urlOf(DFSP_API)}/v1`;
    const order = {
      amount: AMOUNT,
      amountType: 'SEND',
      sourceIdentifier: ERIN,
      sourceAccount: 'erin',
      destinationIdentifier: FRANK,
    };
    const { paymentId } = await send('POST', `${api}/quote`, order, basic('dfsp1'));
    assertExecuted(await send('POST', `${api}/transfer`, { paymentId }, basic('dfsp1')));
  },
};

export const WAY_NAMES = /** @type {(keyof typeof WAYS)[]} */ (Object.keys(WAYS));
