// @ts-check
/** Transfers like those of payments, made of texts that are prepared once. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';

const CONDITIONS = 1_000;
const PACKETS = 64;
const PACKET_BYTES = 400;
const LIFETIME_MS = 60_000;
/** An expiry is reused for this long, so that it is not formatted for every transfer. */
const EXPIRY_AGE_MAX_MS = 500;

/** DER of a preimage fulfillment of 32 bytes, before the preimage. */
const FULFILLMENT_HEAD = Buffer.from([0xa0, 0x22, 0x80, 0x20]);

function conditionAndFulfillment() {
  const preimage = randomBytes(32);
  const digest = createHash('sha256').update(preimage).digest('base64url');
  return {
    condition: `ni:///sha-256;${digest}?fpt=preimage-sha-256&cost=32`,
    fulfillment: Buffer.concat([FULFILLMENT_HEAD, preimage]).toString('base64url'),
  };
}

const conditions = Array.from({ length: CONDITIONS }, conditionAndFulfillment);
const packets = Array.from({ length: PACKETS }, () => randomBytes(PACKET_BYTES).toString('base64url'));

let expiry = { madeAt: -Infinity, text: '' };

function expiresAt() {
  const now = performance.now();
  if (now - expiry.madeAt > EXPIRY_AGE_MAX_MS) {
    expiry = { madeAt: now, text: new Date(Date.now() + LIFETIME_MS).toISOString() };
  }
  return expiry.text;
}

/**
 * @typedef {object} TransferText
 * @property {string} id a UUID that no other transfer has
 * @property {string} payer
 * @property {string} payee
 * @property {string} memo JSON of the credit's memo
 * @property {string} condition
 * @property {string} fulfillment
 * @property {string} expiresAt
 */

/** Makes transfers between payers and payees in turn. */
export class Transfers {
  #turn = 0;

  /**
   * @param {string[]} payers
   * @param {string[]} payees
   */
  constructor(payers, payees) {
    this.payers = payers;
    this.payees = payees;
  }

  /** @returns {TransferText} */
  next() {
    const turn = this.#turn;
    this.#turn += 1;
    const pair = conditions[turn % CONDITIONS];
    return {
      id: randomUUID(),
      payer: this.payers[turn % this.payers.length] ?? '',
      payee: this.payees[turn % this.payees.length] ?? '',
      memo: `{"ilp":"${packets[turn % PACKETS]}"}`,
      condition: pair?.condition ?? '',
      fulfillment: pair?.fulfillment ?? '',
      expiresAt: expiresAt(),
    };
  }
}

/** Body of a prepare at a ledger, of one minor unit. */
export function prepareBody(ledger, { id, payer, payee, memo, condition, expiresAt: expires }) {
  return (
    `{"id":"${ledger}/transfers/${id}","ledger":"${ledger}",` +
    `"debits":[{"account":"${ledger}/accounts/${payer}","amount":"0.01","authorized":true}],` +
    `"credits":[{"account":"${ledger}/accounts/${payee}","amount":"0.01","memo":${memo}}],` +
    `"execution_condition":"${condition}","expires_at":"${expires}"}`
  );
}
