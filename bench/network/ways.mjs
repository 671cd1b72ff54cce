// @ts-check
/** Ways in which a payer (dfsp1) pays a payee (dfsp2). */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { basic, call, DFSP_API, untilAdmitted } from './roles.mjs';

/** Amount above every fee. */
const AMOUNT = '2';
/** Attempts to find an invoice among the payer's notifications; the notice is sent after the answer to the merchant. */
const LOOKS = 2_000;
const LOOK_INTERVAL_MS = 10;

/** @typedef {import('./network.mjs').Network} Network */
/** @typedef {import('./people.mjs').Pair} Pair */

/** Pays once; its first request may be refused as NotNow, later ones are repeated. @typedef {() => Promise<void>} Pay */

function askAt(network, dfsp) {
  const api = `${network.urlOf(DFSP_API[dfsp])}/v1`;
  return (request, body) => {
    const [method, path] = request.split(' ');
    return call(`${method} ${api}${path}`, { authorization: basic(dfsp), body });
  };
}

function assertStatus({ status }, expected) {
  if (status !== expected) throw new Error(`a payment ended as ${status} instead of ${expected}`);
}

/** Issues an invoice, and finds it as its payer does. @returns {Promise<string>} id of the notification */
async function issueInvoice(network, { payer, payee }) {
  const info = randomUUID();
  await askAt(network, 'dfsp2')('POST /merchantInvoice', {
    account: payee.account,
    amount: AMOUNT,
    identifier: payer.number,
    merchantIdentifier: payee.number,
    info,
  });
  for (let look = 0; look < LOOKS; look += 1) {
    const { invoices } = await askAt(network, 'dfsp1')(`GET /invoiceNotifications/pending/${payer.number}`);
    const found = invoices.find((one) => one.info === info);
    if (found) return found.invoiceNotificationId;
    await sleep(LOOK_INTERVAL_MS);
  }
  throw new Error('the payer was not notified of an invoice');
}

async function payInvoice(network, { payer }, invoiceNotificationId) {
  const order = { account: payer.account, invoiceNotificationId };
  assertStatus(await askAt(network, 'dfsp1')('PUT /invoiceNotifications/pay', order), 'paid');
}

/**
 * Each answers a payment that is ready to be made.
 * @type {Record<'quoted' | 'invoice' | 'pay', (network: Network, pair: Pair) => Promise<Pay>>}
 */
export const WAYS = {
  /** Quoted by both DFSPs, then paid at that price: the payer's fee, the payee's fee and a commission are booked. */
  quoted:
    async (network, { payer, payee }) =>
    async () => {
      const ask = askAt(network, 'dfsp1');
      const { paymentId } = await ask('POST /quote', {
        amount: AMOUNT,
        amountType: 'SEND',
        sourceIdentifier: payer.number,
        sourceAccount: payer.account,
        destinationIdentifier: payee.number,
      });
      assertStatus(await untilAdmitted(() => ask('POST /transfer', { paymentId })), 'executed');
    },

  /** Issued by the payee, noticed and looked at by the payer, paid. */
  invoice: async (network, pair) => async () => {
    const id = await issueInvoice(network, pair);
    await untilAdmitted(() => askAt(network, 'dfsp1')(`GET /invoiceNotifications/${id}`));
    await untilAdmitted(() => payInvoice(network, pair, id));
  },

  /** An invoice that was issued and noticed before is paid. */
  pay: async (network, pair) => {
    const id = await issueInvoice(network, pair);
    return () => payInvoice(network, pair, id);
  },
};

export const WAY_NAMES = /** @type {(keyof typeof WAYS)[]} */ (Object.keys(WAYS));
