import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { isShown, openingPages } from './kit/browser.fixture.js';
import { callByPhone, payProduct, showInvoice } from './kit/demo-network.fixture.js';
import { ALICE, BOB, CONSOLE_URL } from './kit/people.fixture.js';

const open = openingPages();
let paymentId: string;

beforeAll(async () => {
  paymentId = await payProduct('8.00', 'Coffee');
});

describe('the network, live', () => {
  it('draws a payment that is made elsewhere, with the words and bodies of a step', async () => {
    const page = await open('/network');
    await page.getByText('live', { exact: true }).waitFor();
    const made = await payProduct('1.50', 'Seen live');
    const story = page.locator('[data-story="payment"]').filter({ has: page.locator(`a[href="/payments/${made}"]`) });
    const step = story.locator('[data-hop="V.B"]').first();
    await step.waitFor();
    expect(await step.getAttribute('aria-label')).toMatch(/^V\.B [A-Z]+ \/\S+ \d{3} [\d.]+ m?s, \S+ → \S+$/);
    await story
      .getByRole('button', { name: / frame, / })
      .first()
      .waitFor();
    await step.click();
    const words = story.getByRole('region', { name: 'Hop V.B' });
    await words.getByText('If it fails').waitFor();
    expect(await isShown(words.getByText('Sent', { exact: true }))).toBe(true);
  });

  it('shows the balances of the three ledgers', async () => {
    const page = await open('/network');
    for (const [ledger, account] of [
      ['Ledger of dfsp1', 'alice'],
      ['Central ledger', 'dfsp1'],
      ['Ledger of dfsp2', 'bob'],
    ] as const) {
      const balance = page.getByRole('region', { name: ledger }).locator(`[data-account="${account}"] .figures`);
      await balance.first().waitFor();
      expect(await balance.first().innerText()).toMatch(/^−?[\d\u202F]+\.\d\d$/);
    }
  });
});

describe('a past payment', () => {
  it('is found by its id, and its link shows it to anybody', async () => {
    const page = await open('/network');
    await page.getByLabel('Id of a payment').fill('nothing');
    await page.getByText('This is no id of a payment').waitFor();
    await page.getByLabel('Id of a payment').fill(` “{${paymentId.toUpperCase()}}” `);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('button', { name: 'Copy the link' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const other = await open(new URL(page.url()).pathname);
    const payer = other.getByRole('region', { name: 'Payer, at dfsp1' });
    await payer.getByText('paid', { exact: true }).waitFor();
    expect(await isShown(payer.getByText('Alice Ames'))).toBe(true);
    expect(await isShown(other.getByRole('region', { name: 'Payee, at dfsp2' }).getByText('8.00\u00A0USD'))).toBe(true);
  });

  it('has every step as a drawing and as a list', async () => {
    const page = await open(`/payments/${paymentId}`);
    await page.locator('[data-hop="V.D"]').first().click();
    await page.getByText('Why this step').waitFor();
    await page.getByText('List', { exact: true }).click();
    const steps = page.getByRole('region', { name: 'Every step' }).getByRole('listitem');
    await steps.first().waitFor();
    const all = await steps.count();
    expect(all).toBeGreaterThan(10);
    await page.getByLabel('Only what matters').click();
    await page.getByText('The payment is sent: its transfer is prepared, or may be').waitFor();
    expect(await steps.count()).toBeLessThan(all);
  });

  it('that never was is not found, and the page says what to do', async () => {
    const page = await open('/payments/00000000-0000-4000-8000-000000000000');
    await page.getByText('This was not found.').waitFor();
    expect(await isShown(page.getByText('Check what you chose or typed.'))).toBe(true);
  });
});

describe('a payment that was refused before it began', () => {
  it('is in the list with its reason, found without an id, and its page says what happened', async () => {
    const refused = await payCancelledInvoice();
    const page = await open('/operator/payments', { size: 'phone' });
    await page.getByLabel('State').selectOption('not begun');
    const row = page
      .getByRole('table', { name: 'Payments' })
      .getByRole('row')
      .filter({ hasText: refused.slice(0, 8) });
    await row.getByText('The invoice could not be paid any more').waitFor();
    expect(await isShown(row.getByText('not begun', { exact: true }))).toBe(true);
    await row.getByRole('link').click();
    await page.getByText('The invoice was cancelled', { exact: true }).waitFor();
    expect(await isShown(page.getByText('before it was paid.'))).toBe(true);
  });
});

/** Alice sees the price of an invoice, which Bob cancels before she pays. @returns the id of her payment */
async function payCancelledInvoice(): Promise<string> {
  const shown = await showInvoice({ info: `Cancelled ${randomUUID()}` });
  const { invoiceId, invoiceNotificationId } = shown;
  await callByPhone(BOB.dfsp, `/invoices/${invoiceId}/cancel`, 'PUT', {});
  const paying = callByPhone(ALICE.dfsp, '/invoiceNotifications/pay', 'PUT', {
    invoiceNotificationId,
    account: ALICE.account,
  });
  await expect(paying).rejects.toThrow(`"paymentId":"${shown.paymentId}"`);
  await eventually(async () => {
    const answer = await fetch(`${CONSOLE_URL}/api/payments?state=notBegun&text=${shown.paymentId}`);
    expect(await answer.json()).toMatchObject({ payments: [{ refusal: { id: 'InvoiceNotPendingError' } }] });
  });
  return shown.paymentId;
}

const withOtherByte = (text: string) => `${text.slice(0, 20)}${text[20] === 'A' ? 'B' : 'A'}${text.slice(21)}`;

describe('a receipt', () => {
  const verdict = (page: Page) => page.locator('[data-verdict]');

  it('is checked in the browser, and its code and its JSON are checked without the network', async () => {
    const page = await open(`/payments/${paymentId}/receipt`);
    await verdict(page).getByText('Valid: SHA-256').waitFor();
    await page.getByRole('img', { name: 'The receipt as a code' }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download as JSON' }).click(),
    ]);
    const json = readFileSync(await download.path(), 'utf8');
    expect(JSON.parse(json)).toMatchObject({ paymentId, amount: '8.00' });

    // What the code leads to.
    const checker = await open(`/receipt#${encodeURIComponent(json)}`);
    await verdict(checker).getByText('Valid: SHA-256').waitFor();
    await checker.context().setOffline(true);
    const field = checker.getByLabel('Receipt as JSON');
    const { fulfillment } = JSON.parse(json) as { fulfillment: string };
    await field.fill(json.replace(fulfillment, withOtherByte(fulfillment)));
    await verdict(checker).getByText('Not valid').waitFor();
    await field.fill(json);
    await verdict(checker).getByText('Valid: SHA-256').waitFor();
    await field.fill('{}');
    expect(await isShown(checker.getByText('This is no receipt.'))).toBe(true);
  });
});
