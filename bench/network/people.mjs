// @ts-check
/** Payers at dfsp1 and payees at dfsp2, opened by the routes that an operator uses. */
import { basic, call, CENTRAL_DIRECTORY, DFSP_API, DFSP_LEDGER } from './roles.mjs';

/** Payers and payees of a benchmark, of each. */
export const PEOPLE = 100;
const PARALLEL = 8;
/** Opening balance of a payer: enough for every payment of a run. */
const BALANCE = '10000000.00';
/** First numbers, which nobody of the demo has. */
export const NUMBERS = { dfsp1: 71_000_000, dfsp2: 72_000_000 };

/** @typedef {'dfsp1' | 'dfsp2'} DfspName */
/** @typedef {{ number: string, account: string }} Person */
/** @typedef {{ payer: Person, payee: Person }} Pair */

/** Fees like those of the demo's Erin and Frank, for everybody: a quoted payment books three charges. */
const ALL = { transferType: 'p2p', priority: 2 };
const TARIFFS = {
  dfsp1: [{ name: 'payer fee', kind: 'fee', side: 'debit', minValue: '0.25', ...ALL }],
  dfsp2: [
    { name: 'payee fee', kind: 'fee', side: 'credit', minValue: '1', payerFeeCredit: '0.25', ...ALL },
    { name: 'payee commission', kind: 'commission', side: 'credit', minValue: '1', ...ALL },
  ],
};

async function openPerson(network, dfsp, token, { number, account }) {
  await call(`PUT ${network.urlOf(DFSP_LEDGER[dfsp])}/ledger/accounts/${account}`, {
    authorization: `Bearer ${token}`,
    body: { name: account, accountType: 'mw', direct_use: false, ...(dfsp === 'dfsp1' && { balance: BALANCE }) },
  });
  await call(`PUT ${network.urlOf(DFSP_API[dfsp])}/v1/customers/${number}`, {
    authorization: basic(dfsp),
    body: {
      firstName: 'Pat',
      lastName: account,
      name: `Pat ${account}`,
      imageUrl: `https://images.example/${account}.png`,
      isMerchant: dfsp === 'dfsp2',
      accounts: [{ name: account, type: 'mWallet', isPrimary: true }],
    },
  });
  await call(`POST ${network.urlOf(CENTRAL_DIRECTORY)}/resources`, {
    authorization: basic(dfsp),
    body: { identifier: `eur:${number}` },
  });
}

async function openPeopleOf(network, dfsp, prefix, count) {
  const login = `GET ${network.urlOf(DFSP_LEDGER[dfsp])}/ledger/auth_token`;
  // A token, because each check of a password is slow.
  const { token } = await call(login, { authorization: basic('admin') });
  const people = Array.from({ length: count }, (_, index) => ({
    number: String(NUMBERS[dfsp] + index),
    account: `${prefix}-${index}`,
  }));
  const waiting = [...people];
  const open = async () => {
    for (let one = waiting.pop(); one; one = waiting.pop()) await openPerson(network, dfsp, token, one);
  };
  await Promise.all(Array.from({ length: PARALLEL }, open));
  const rules = `POST ${network.urlOf(DFSP_API[dfsp])}/v1/feeRules`;
  await call(rules, { authorization: basic('admin'), body: { rules: TARIFFS[dfsp] } });
  return people;
}

/** Pairs of payer and payee that take turns, so that no limit of one customer is reached. */
export class Pairs {
  #turn = 0;

  /** @param {import('./network.mjs').Network} network */
  static async open(network, count) {
    const payers = await openPeopleOf(network, 'dfsp1', 'payer', count);
    const payees = await openPeopleOf(network, 'dfsp2', 'payee', count);
    return new Pairs(payers, payees);
  }

  /**
   * @param {Person[]} payers
   * @param {Person[]} payees
   */
  constructor(payers, payees) {
    this.payers = payers;
    this.payees = payees;
  }

  /** @returns {Pair} */
  next() {
    const turn = this.#turn;
    this.#turn += 1;
    const payer = this.payers[turn % this.payers.length];
    const payee = this.payees[turn % this.payees.length];
    if (!payer || !payee) throw new Error('there is nobody who pays or is paid');
    return { payer, payee };
  }
}
