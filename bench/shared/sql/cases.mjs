// @ts-check
/** Payers and payees of the measured lines. */

/**
 * @typedef {object} AccountGroup
 * @property {string} name accounts are called `<name>-<number>`
 * @property {number} count
 * @property {number} [stride] step from one number to the next, default 1
 */

/**
 * @typedef {object} Case
 * @property {string} title
 * @property {AccountGroup} payers taken in turn
 * @property {AccountGroup} payees taken in turn; the nth payer pays the nth payee
 */

const MANY = 1_000;

/** @type {Record<'hot' | 'connector' | 'spread', Case>} */
export const CASES = {
  hot: {
    title: 'hot pair',
    payers: { name: 'hot-payer', count: 1 },
    payees: { name: 'hot-payee', count: 1 },
  },
  connector: {
    title: 'hot connector',
    payers: { name: 'customer', count: MANY },
    payees: { name: 'connector', count: 1 },
  },
  spread: {
    title: '1,000 pairs',
    payers: { name: 'customer', count: MANY },
    payees: { name: 'merchant', count: MANY },
  },
};

/**
 * @param {AccountGroup} group
 * @returns {string[]}
 */
export function accountNames({ name, count, stride = 1 }) {
  return Array.from({ length: count }, (_, index) => `${name}-${index * stride}`);
}

/** Names of all accounts of these cases, without duplicates. */
export function accountsOf(cases) {
  return [...new Set(cases.flatMap(({ payers, payees }) => [...accountNames(payers), ...accountNames(payees)]))];
}
