/** Opens what a measurement needs at a ledger, the way an administrator does: over its API. */
import { randomBytes } from 'node:crypto';

const PARALLEL = 32;
/** Enough for every transfer of a run. */
const BALANCE = '10000000.00';

const ROLES = {
  /** Prepares for everybody, like a DFSP's own SPSP client. */
  prepare: { name: 'bench-spsp-client', rights: ['authorize'] },
  /** A plain account: anyone who knows the preimage may fulfil. */
  fulfil: { name: 'bench-fulfiller', rights: [] },
  /** Hears of every transfer, like a DFSP's SPSP server. */
  subscribe: { name: 'bench-subscriber', rights: ['subscribe'] },
};

function basic(name, password) {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

async function answerOf(url, options) {
  const response = await fetch(url, options);
  const text = await response.text();
  if (!response.ok) throw new Error(`${options.method} ${url} was answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

async function putAccount(server, account) {
  await answerOf(`${server.url}/accounts/${account.name}`, {
    method: 'PUT',
    headers: { authorization: basic('admin', server.adminPassword), 'content-type': 'application/json' },
    body: JSON.stringify(account),
  });
}

async function tokenOf(server, { name, rights }) {
  const password = randomBytes(18).toString('base64url');
  await putAccount(server, { name, rights, password });
  const { token } = await answerOf(`${server.url}/auth_token`, {
    method: 'GET',
    headers: { authorization: basic(name, password) },
  });
  return token;
}

/**
 * Tokens of the accounts that act; the same accounts at each call.
 * @returns {Promise<Record<keyof ROLES, string>>}
 */
export async function openRoleAccounts(server) {
  const tokens = {};
  for (const [role, account] of Object.entries(ROLES)) tokens[role] = await tokenOf(server, account);
  return tokens;
}

/** Opens accounts that have money, or sets what they have. */
export async function openFundedAccounts(server, names) {
  const waiting = [...names];
  const work = async () => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      await putAccount(server, { name, balance: BALANCE });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}
