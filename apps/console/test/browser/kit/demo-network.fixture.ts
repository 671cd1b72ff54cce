import { eventually } from '@level-one/testing';
import { ALICE, BOB, CONSOLE_URL } from './people.fixture.js';

interface RoleJson {
  role: string;
  url: string;
}

interface NetworkJson {
  participants: { name: string; roles: RoleJson[] }[];
  centre: { roles: RoleJson[] };
}

async function ask<T>(url: string, method = 'GET', body?: unknown, login?: string): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(login !== undefined && { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** URL of a role of a DFSP. */
export async function urlOf(dfsp: string, role: string): Promise<string> {
  const { participants } = await ask<NetworkJson>(`${CONSOLE_URL}/api/network`);
  return participants.find(({ name }) => name === dfsp)!.roles.find((one) => one.role === role)!.url;
}

/** What the administrator of the central directory asks of it. */
export async function callDirectory<T>(path: string, method?: string, body?: unknown): Promise<T> {
  const { centre } = await ask<NetworkJson>(`${CONSOLE_URL}/api/network`);
  const { url } = centre.roles.find(({ role }) => role === 'central-directory')!;
  return ask(`${url}${path}`, method, body, 'admin:admin');
}

/** What a phone asks of its DFSP. */
export const callByPhone = <T>(dfsp: string, path: string, method?: string, body?: unknown): Promise<T> =>
  ask(`${CONSOLE_URL}/api/phones/${dfsp}/v1${path}`, method, body);

/** Alice buys something of Bob at once, again if the network is too busy for it. @returns the id of the payment */
export const payProduct = (amount = '7.00', info = 'Tea'): Promise<string> =>
  eventually(() => tryToPayProduct(amount, info), { timeoutMs: 180_000 });

async function tryToPayProduct(amount: string, info: string): Promise<string> {
  const { invoiceId } = await callByPhone<{ invoiceId: string }>(BOB.dfsp, '/merchantInvoice', 'POST', {
    account: BOB.account,
    amount,
    invoiceType: 'product',
    info,
    merchantIdentifier: BOB.number,
  });
  const { origin } = new URL(await urlOf(BOB.dfsp, 'spsp-server'));
  const { paymentId } = await callByPhone<{ paymentId: string }>(ALICE.dfsp, '/invoice/pay', 'POST', {
    invoiceUrl: `${origin}/v1/invoices/${invoiceId}`,
    identifier: ALICE.number,
    account: ALICE.account,
  });
  return paymentId;
}

/** A number that nobody in the network has. */
export const NOBODY = '99999999';

/** Alice asks what it costs to pay a number. @returns the id of her payment */
export async function askPrice(number: string, amount: string): Promise<string> {
  const order = { amount, amountType: 'SEND', destinationIdentifier: number };
  const payer = { sourceAccount: ALICE.account, sourceIdentifier: ALICE.number };
  const quote = await callByPhone<{ paymentId: string }>(ALICE.dfsp, '/quote', 'POST', { ...order, ...payer });
  return quote.paymentId;
}

/** Alice asks what it costs to pay a number that nobody has: no payment comes of it. */
export async function askUnknownPayee(): Promise<void> {
  await askPrice(NOBODY, '4.00').catch((error: Error) => {
    if (!error.message.includes('UserNotFound')) throw error;
  });
}

/** Hands in a list of payments of Alice at her DFSP. @returns its id */
export async function handInList(rows: { identifier: string; amount: string }[]): Promise<string> {
  const api = await urlOf(ALICE.dfsp, 'dfsp-api');
  const order = { sourceIdentifier: ALICE.number, sourceAccount: ALICE.account, rows };
  const login = `${ALICE.dfsp}:${ALICE.dfsp}`;
  return (await ask<{ bulkPaymentId: string }>(`${api}/bulkPayments`, 'POST', order, login)).bulkPaymentId;
}

/** An invoice for Alice that Bob's DFSP sends now. */
export const issueInvoice = (more: {
  amount: string;
  info: string;
  expiresAt?: string;
}): Promise<{ invoiceId: string }> =>
  callByPhone(BOB.dfsp, '/merchantInvoice', 'POST', {
    account: BOB.account,
    identifier: ALICE.number,
    merchantIdentifier: BOB.number,
    ...more,
  });

/** Alice looks at an invoice of Bob, and has its price. */
export async function showInvoice(more: { info: string; amount?: string; expiresAt?: string }): Promise<ShownInvoice> {
  const { invoiceId } = await issueInvoice({ amount: '2.00', ...more });
  const invoiceNotificationId = await eventually(async () => {
    const { invoices } = await callByPhone<{ invoices: { invoiceNotificationId: string; info: string }[] }>(
      ALICE.dfsp,
      `/invoiceNotifications/pending/${ALICE.number}?limit=100`,
    );
    const found = invoices.find(({ info }) => info === more.info);
    if (!found) throw new Error('the invoice has not come yet');
    return found.invoiceNotificationId;
  });
  const { paymentId } = await callByPhone<{ paymentId: string }>(
    ALICE.dfsp,
    `/invoiceNotifications/${invoiceNotificationId}`,
  );
  return { invoiceId, invoiceNotificationId, paymentId };
}

interface ShownInvoice {
  invoiceId: string;
  invoiceNotificationId: string;
  paymentId: string;
}

/** Adds a limit of a DFSP for the time of a test. @returns what ends it */
export async function limitPayments(
  dfsp: string,
  rule: { name: string } & Record<string, unknown>,
): Promise<() => Promise<void>> {
  const api = await urlOf(dfsp, 'dfsp-api');
  await ask(`${api}/limitRules`, 'POST', { rules: [rule] }, 'admin:admin');
  return () => ask(`${api}/limitRules/${encodeURIComponent(rule.name)}`, 'DELETE', undefined, 'admin:admin');
}

/** Makes something fail, by a rule of docs/faults.md. */
export const breakNetwork = (rule: object): Promise<unknown> => ask(`${CONSOLE_URL}/api/faults`, 'POST', rule);

/** Ends all faults of the fault kit. */
export async function mendAll(): Promise<void> {
  for (const { id } of await ask<{ id: string }[]>(`${CONSOLE_URL}/api/faults`)) {
    await ask(`${CONSOLE_URL}/api/faults/${id}`, 'DELETE');
  }
}
