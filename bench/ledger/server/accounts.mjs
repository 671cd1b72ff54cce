// @ts-check
/** Opens the accounts of a measurement at a ledger, by its API as an administrator does. */
import { randomBytes, randomUUID } from 'node:crypto';

const PARALLEL = 32;
/** Opening balance: enough for every transfer of a run. */
const BALANCE = '10000000.00';

const ROLES = {
  /** Prepares transfers of all accounts, like a DFSP's own SPSP client. */
  prepare: { name: 'bench-spsp-client', rights: ['authorize'] },
  /** Fulfils transfers of all accounts, like a DFSP's own SPSP server. */
  fulfil: { name: 'bench-fulfiller', rights: ['fulfil'] },
  /** Subscribes to all accounts, like a DFSP's SPSP server. */
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

async function tokenOf(server, name, password) {
  const { token } = await answerOf(`${server.url}/auth_token`, {
    method: 'GET',
    headers: { authorization: basic(name, password) },
  });
  return token;
}

/**
 * Credentials of the administrator: a token, because each password check is slow and each change of an account drops
 * the ledger's cache of them.
 */
async function administratorOf(server) {
  const authorization = `Bearer ${await tokenOf(server, 'admin', server.adminPassword)}`;
  return {
    putAccount: (account) =>
      answerOf(`${server.url}/accounts/${account.name}`, {
        method: 'PUT',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(account),
      }),
    fund: (name, amount) =>
      answerOf(`${server.url}/accounts/${name}/funds`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ id: randomUUID(), amount, direction: 'in', reference: 'benchmark' }),
      }),
  };
}

/**
 * Tokens of the accounts that act; the same accounts at each call.
 * @returns {Promise<Record<keyof ROLES, string>>}
 */
export async function openRoleAccounts(server) {
  const administrator = await administratorOf(server);
  const tokens = /** @type {Record<keyof ROLES, string>} */ ({});
  for (const [role, { name, rights }] of Object.entries(ROLES)) {
    const password = randomBytes(18).toString('base64url');
    await administrator.putAccount({ name, rights, password });
    tokens[role] = await tokenOf(server, name, password);
  }
  return tokens;
}

/** Opens accounts with a balance, and tops up accounts with a low one. */
export async function openFundedAccounts(server, names) {
  const administrator = await administratorOf(server);
  const waiting = [...names];
  const work = async () => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const { balance } = await administrator.putAccount({ name });
      if (Number(balance) < Number(BALANCE) / 2) await administrator.fund(name, BALANCE);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}
