import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import {
  ALICE,
  BOB,
  CONSOLE_URL,
  launchBrowser,
  openPage,
  overflows,
  type Scheme,
  seriousProblems,
  type Size,
} from './kit/browser.fixture.js';

let browser: Browser;
let paymentId: string;

beforeAll(async () => {
  browser = await launchBrowser();
  paymentId = await payInvoice();
});

afterAll(async () => {
  await browser.close();
});

async function call<T>(dfsp: string, path: string, method: string, body?: unknown): Promise<T> {
  const response = await fetch(`${CONSOLE_URL}/api/phones/${dfsp}/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** A payment to look at. */
async function payInvoice(): Promise<string> {
  const { invoiceId } = await call<{ invoiceId: string }>(BOB.dfsp, '/merchantInvoice', 'POST', {
    account: BOB.account,
    amount: '7.00',
    invoiceType: 'product',
    info: 'Tea',
    merchantIdentifier: BOB.number,
  });
  const network = (await (await fetch(`${CONSOLE_URL}/api/network`)).json()) as {
    participants: { name: string; roles: { role: string; url: string }[] }[];
  };
  const roles = network.participants.find(({ name }) => name === BOB.dfsp)!.roles;
  const server = roles.find(({ role }) => role === 'spsp-server')!;
  const paid = await call<{ paymentId: string }>(ALICE.dfsp, '/invoice/pay', 'POST', {
    invoiceUrl: `${new URL(server.url).origin}/v1/invoices/${invoiceId}`,
    identifier: ALICE.number,
    account: ALICE.account,
  });
  return paid.paymentId;
}

/** Each page, and what is shown when it is there. */
const PAGES: [path: string, shown: string][] = [
  ['/', 'Pay across two DFSPs'],
  ['/network', 'The network, live'],
  ['/payments/{id}', 'Every step'],
  ['/payments/{id}/receipt', 'Valid: SHA-256'],
  ['/receipt', 'Check a receipt'],
  ['/faults', 'Faults on purpose'],
  ['/operator/roles', 'central-directory'],
  ['/operator/payments', 'Text'],
  ['/operator/open', 'Undelivered'],
  ['/operator/positions', 'Settlement windows'],
  ['/operator/checks', 'Rules of the ledgers'],
  ['/operator/participants', 'dfsp1'],
  ['/operator/charts', 'Payments a second'],
  ['/operator/changes', 'Where money or participants move'],
  ['/operator/audit', 'Who did what'],
];
const LOOKS: [Size, Scheme][] = [
  ['desk', 'light'],
  ['desk', 'dark'],
  ['phone', 'light'],
  ['phone', 'dark'],
];

describe.each(LOOKS)('on a %s, in %s colours', (size, scheme) => {
  it.each(PAGES)('%s has nothing that axe calls serious, and fits', async (path, shown) => {
    const page = await openPage(browser, path.replace('{id}', paymentId), { size, scheme });
    await page.getByText(shown).first().waitFor({ state: 'attached' });
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    expect(await seriousProblems(page)).toEqual([]);
    expect(await overflows(page)).toBe(false);
    await page.close();
  });
});
