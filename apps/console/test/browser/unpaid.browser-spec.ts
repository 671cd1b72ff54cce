import { describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { isShown, openingPages, overflows, seriousProblems } from './kit/browser.fixture.js';
import { callByPhone, showInvoice } from './kit/demo-network.fixture.js';
import { ALICE, BOB } from './kit/people.fixture.js';

const open = openingPages();

/** The time as the page writes it, in the time zone of the browser. */
const timeIn = (page: Page, iso: string): Promise<string> =>
  page.evaluate<string>(
    `[{ dateStyle: 'medium' }, { timeStyle: 'medium', hourCycle: 'h23' }].map((style) =>
      new Intl.DateTimeFormat(undefined, style).format(new Date(${JSON.stringify(iso)})).replaceAll(/\\s/g, '\u00A0')).join(' ')`,
  );

const termsOf = (page: Page) => page.getByRole('alert').getByRole('definition');

describe('the page of a payment that nobody made', () => {
  it('says when its invoice expired, that no money moved, and what to do', async () => {
    const expiresAt = new Date(Date.now() + 20_000).toISOString();
    const { paymentId } = await showInvoice({ info: `Expires ${randomUUID()}`, expiresAt });
    const page = await open(`/payments/${paymentId}`, { size: 'phone' });
    const note = page.getByText('The invoice expired', { exact: true });
    await eventually(
      async () => {
        await page.reload();
        await page.getByText('What to do', { exact: true }).waitFor();
        if ((await note.count()) === 0) throw new Error('the invoice has not expired yet');
      },
      { timeoutMs: 180_000 },
    );
    const time = await timeIn(page, expiresAt);
    expect(await termsOf(page).allInnerTexts()).toEqual([
      `The invoice expired on ${time}, and nobody had paid it.`,
      'With the payer: no money moved, and none was held.',
      'Nothing is broken. If it is still owed, the merchant sends a new invoice.',
    ]);
    expect(await seriousProblems(page)).toEqual([]);
    expect(await overflows(page)).toBe(false);
  });

  it('says that its invoice was cancelled, or rejected', async () => {
    const cancelled = await showInvoice({ info: `Cancelled ${randomUUID()}` });
    await callByPhone(BOB.dfsp, `/invoices/${cancelled.invoiceId}/cancel`, 'PUT', {});
    const page = await open(`/payments/${cancelled.paymentId}`);
    await page.getByText('The invoice was cancelled', { exact: true }).waitFor();
    expect(await isShown(page.getByText(/^The merchant cancelled the invoice on .+, before it was paid\.$/))).toBe(
      true,
    );

    const rejected = await showInvoice({ info: `Rejected ${randomUUID()}` });
    const { invoiceNotificationId } = rejected;
    await callByPhone(ALICE.dfsp, '/invoiceNotifications/reject', 'PUT', { invoiceNotificationId });
    await page.goto(`/payments/${rejected.paymentId}`);
    await page.getByText('The invoice was rejected', { exact: true }).waitFor();
    expect(await isShown(page.getByText('The merchant asks the customer why.'))).toBe(true);
  });

  it('says that the customer has not answered', async () => {
    const { paymentId } = await showInvoice({ info: `Not answered ${randomUUID()}` });
    const page = await open(`/payments/${paymentId}`);
    await page.getByText('The customer has not answered', { exact: true }).waitFor();
    expect(await isShown(page.getByText('The customer can still pay or reject it'))).toBe(true);
  });
});
