// @ts-check
/** What people do in a network: issue, look, pay, quote, reject, cancel. A client repeats what got no answer. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** Payers and payees of the demo network, at dfsp1 and dfsp2; Erin pays a fee to pay Frank, and he one to be paid. */
const ALICE = { number: '78956562', account: 'alice' };
const ERIN = { number: '92806391', account: 'erin' };
const BOB = { number: '26547070', account: 'bob' };
const FRANK = { number: '30754016', account: 'frank' };

/** A client gives up what it repeats after so long. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 250;
/** By then a DFSP has asked what became of a payment, if it does. */
const ASKED_MS = 120_000;
const ANSWER_TIMEOUT_MS = 100_000;

/** @typedef {{ status: number, body: any }} Told status 0: no answer */

/** One thing that people do, and what they were told. */
export class Flow {
  /** @type {{ what: string, told: Told }[]} */
  answers = [];
  /** @type {string | undefined} */
  invoiceId;
  /** @type {string | undefined} */
  notificationId;
  /** @type {string | undefined} */
  paymentId;
  /** @type {string | undefined} */
  bulkId;
  /** What was wrong with the flow's own work. @type {string[]} */
  broken = [];
  /** Ends the repeating of a client. */
  isOver = false;
  /** Rules that make the flow what it is. @type {{ id: string }[]} */
  rules = [];

  /** @param {string} kind @param {import('./fault-network.mjs').FaultNetwork} network */
  constructor(kind, network) {
    this.kind = kind;
    this.network = network;
    this.amount = `2.${String(10 + Math.floor(Math.random() * 89))}`;
    this.info = randomUUID();
  }

  /** Adds a rule about this flow's payment. @param {import('@level-one/testing').FaultRule} rule */
  addRule(rule) {
    const contains = [rule.contains ?? [], this.paymentId ?? []].flat();
    const fault = this.network.faults.add({ ...rule, contains });
    this.rules.push(fault);
    return fault;
  }

  /** Ends the rules, when the payment is over. */
  removeRules() {
    for (const { id } of this.rules.splice(0)) this.network.faults.remove(id);
  }

  /** Asks a DFSP's API as its channel. @returns {Promise<Told>} */
  async ask(dfsp, request, body, hop) {
    const [method, path] = request.split(' ');
    const headers = {
      authorization: basic(dfsp),
      ...(hop && { 'l1p-hop': hop }),
      ...(body && { 'content-type': 'application/json' }),
    };
    return this.send(method, this.network.urlOf(`${dfsp}/dfsp-api`, `/v1${path}`), headers, body);
  }

  /** @returns {Promise<Told>} */
  async send(method, url, headers, body) {
    try {
      const answer = await fetch(url, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
    } catch (error) {
      return { status: 0, body: { message: String(error) } };
    }
  }

  /** Repeats a request until it is answered for good: not by 5xx, nor by nothing. @returns {Promise<Told>} */
  async persist(what, dfsp, request, body, hop) {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const told = await this.ask(dfsp, request, body, hop);
      this.answers.push({ what, told });
      if ((told.status > 0 && told.status < 500) || Date.now() > until || this.isOver) return told;
      await sleep(PAUSE_MS);
    }
  }

  /** @param {object} [changes] */
  async issue(changes) {
    this.invoiceId = randomUUID();
    const { amount, info, invoiceId } = this;
    const parties = { account: BOB.account, identifier: ALICE.number, merchantIdentifier: BOB.number };
    return this.persist(
      'issue',
      'dfsp2',
      'POST /merchantInvoice',
      { invoiceId, amount, info, ...parties, ...changes },
      'II',
    );
  }

  /** Finds the invoice among those that Alice is notified of. */
  async find() {
    const until = Date.now() + PATIENCE_MS;
    while (Date.now() < until && !this.isOver) {
      const { body } = await this.ask('dfsp1', `GET /invoiceNotifications/pending/${ALICE.number}`);
      const found = body?.invoices?.find((one) => one.info === this.info);
      if (found) return (this.notificationId = found.invoiceNotificationId);
      await sleep(PAUSE_MS);
    }
    return undefined;
  }

  async look() {
    const shown = await this.persist('look', 'dfsp1', `GET /invoiceNotifications/${this.notificationId}`);
    this.paymentId = shown.body?.paymentId;
    return shown;
  }

  pay() {
    const order = { account: ALICE.account, invoiceNotificationId: this.notificationId };
    return this.persist('pay', 'dfsp1', 'PUT /invoiceNotifications/pay', order);
  }

  reject() {
    const order = { invoiceNotificationId: this.notificationId };
    return this.persist('reject', 'dfsp1', 'PUT /invoiceNotifications/reject', order);
  }

  cancel() {
    return this.persist('cancel', 'dfsp2', `PUT /invoices/${this.invoiceId}/cancel`, {});
  }

  quote() {
    const paymentId = randomUUID();
    this.paymentId = paymentId;
    const people = {
      sourceIdentifier: ERIN.number,
      sourceAccount: ERIN.account,
      destinationIdentifier: FRANK.number,
    };
    const order = { paymentId, amount: this.amount, amountType: 'SEND', ...people };
    return this.persist('quote', 'dfsp1', 'POST /quote', order, 'quote');
  }

  /** Pays a list of a few rows: quoted, then executed. */
  async payList() {
    this.bulkId = randomUUID();
    const { account, number } = ALICE;
    const rows = ['2.01', '2.02', '2.03'].map((amount) => ({ identifier: FRANK.number, amount }));
    const order = { bulkPaymentId: this.bulkId, sourceIdentifier: number, sourceAccount: account, rows };
    if (!isDone(await this.persist('list', 'dfsp1', 'POST /bulkPayments', order))) return;
    const path = `/bulkPayments/${this.bulkId}`;
    await this.untilStatus(path, 'checked');
    await this.persist('execute', 'dfsp1', `PUT ${path}/execute`);
    await this.untilStatus(path, 'done');
  }

  async untilStatus(path, status) {
    const until = Date.now() + PATIENCE_MS;
    while (Date.now() < until && !this.isOver) {
      const { body } = await this.ask('dfsp1', `GET ${path}`);
      if (body?.status === status) return;
      await sleep(PAUSE_MS);
    }
  }

  transfer() {
    return this.persist('pay', 'dfsp1', 'POST /transfer', { paymentId: this.paymentId }, 'transfer');
  }
}

export const basic = (name, password = name) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

/** Gives the payers enough for a long time. @param {import('./fault-network.mjs').FaultNetwork} network */
export async function fundPayers(network) {
  for (const { account } of [ALICE, ERIN]) {
    const url = network.urlOf('dfsp1/dfsp-ledger', `/ledger/accounts/${account}/funds`);
    const headers = { authorization: basic('admin'), 'content-type': 'application/json' };
    const body = JSON.stringify({ id: randomUUID(), amount: '100000.00', direction: 'in', reference: 'a soak' });
    const answer = await fetch(url, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`${account} got no money: ${answer.status} ${await answer.text()}`);
  }
}

const isDone = ({ status }) => status >= 200 && status < 300;

/** A payee's refusal that rejects a payment at once. */
const REFUSED = /** @type {const} */ ({ do: 'refuse', status: 422, id: 'UnprocessableEntityError' });

/**
 * Each does one thing from its beginning to its end. Its rules stay: what is tried again has to meet them, too.
 * @type {Record<string, (flow: Flow) => Promise<unknown>>}
 */
export const FLOWS = {
  /** Issued, notified, looked at, paid. */
  invoice: async (flow) => {
    if (isDone(await flow.issue()) && (await flow.find()) && isDone(await flow.look())) await flow.pay();
  },

  /** Quoted, read and paid. */
  quoted: async (flow) => {
    if (!isDone(await flow.quote())) return;
    await flow.ask('dfsp1', `GET /quotes/${flow.paymentId}`, undefined, 'row-46');
    await flow.transfer();
  },

  /** Quoted, and refused by the payee's DFSP when it arrives; the DFSP takes the news of the rejection. */
  refused: async (flow) => {
    if (!isDone(await flow.quote())) return;
    flow.addRule({ hop: 'row-48b', contains: '"status":"prepared"', action: REFUSED });
    await flow.transfer();
  },

  /** A list is paid. */
  bulk: (flow) => flow.payList(),

  /** Rejected by the client. */
  rejected: async (flow) => {
    if (isDone(await flow.issue()) && (await flow.find())) await flow.reject();
  },

  /** Cancelled by the merchant. */
  cancelled: async (flow) => {
    if (isDone(await flow.issue()) && (await flow.find())) await flow.cancel();
  },

  /** Quoted; the order to pay is lost, and the payer's DFSP asks what became of the payment. */
  asked: async (flow) => {
    if (!isDone(await flow.quote())) return;
    flow.addRule({ hop: 'row-47', action: { do: 'cut', when: 'before' } });
    const asked = flow.addRule({ hop: 'row-23c', action: { do: 'pass' } });
    await flow.transfer();
    await asked.untilMet(ASKED_MS);
  },

  /** Quoted and paid; the payee's DFSP never hears of it, and all transfers expire. */
  expired: async (flow) => {
    if (!isDone(await flow.quote())) return;
    const lost = { kind: /** @type {const} */ ('frame'), place: 'dfsp2/ledger-adapter', account: '^spsp-server$' };
    flow.addRule({ ...lost, action: { do: 'cut', when: 'before' } });
    await flow.transfer();
  },

  /** What a system of a DFSP reads through its proxy: a quote, and amounts at the other ledger. */
  read: async (flow) => {
    if (!isDone(await flow.quote())) return;
    const proxy = (path) => flow.network.urlOf('dfsp1/spsp-client-proxy', `/spsp/client/v1${path}`);
    const receiver = encodeURIComponent(flow.network.urlOf('dfsp2/spsp-server', `/v1/receivers/${FRANK.number}`));
    const role = { authorization: basic('dfsp-api', 'dfsp1-dfsp-api') };
    await flow.send('GET', proxy(`/quotes/${flow.paymentId}`), { authorization: basic('dfsp1') });
    for (const [amount, hop] of [
      ['quoteSourceAmount?sourceAmount=2', 'row-25a'],
      ['quoteDestinationAmount?destinationAmount=2', 'row-25b'],
    ]) {
      await flow.send('GET', proxy(`/${amount}&receiver=${receiver}`), { ...role, 'l1p-hop': hop ?? '' });
    }
  },
};
