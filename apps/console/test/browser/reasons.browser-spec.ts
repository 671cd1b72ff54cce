import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { isShown, openingPages, seriousProblems } from './kit/browser.fixture.js';
import { askPrice, breakNetwork, callByPhone, mendAll, showInvoice } from './kit/demo-network.fixture.js';
import { rowsOf } from './kit/operator-console.fixture.js';
import { ALICE, CONSOLE_URL, FRANK } from './kit/people.fixture.js';
import { rightPhone } from './kit/phones.fixture.js';

const open = openingPages();

afterEach(() => mendAll());

/** Alice tries to pay an invoice, which is refused. */
async function payInVain(amount: string): Promise<{ paymentId: string; invoiceNotificationId: string }> {
  const { paymentId, invoiceNotificationId } = await showInvoice({ info: `In vain ${randomUUID()}`, amount });
  const paying = callByPhone(ALICE.dfsp, '/invoiceNotifications/pay', 'PUT', {
    invoiceNotificationId,
    account: ALICE.account,
  });
  await expect(paying).rejects.toThrow(paymentId);
  return { paymentId, invoiceNotificationId };
}

/** The row of a payment in the list, which is looked for by this text. */
async function find(page: Page, text: string, paymentId: string) {
  await page.getByLabel('Search').fill(text);
  const row = rowsOf(page, 'Payments').filter({ hasText: paymentId.slice(0, 8) });
  await row.waitFor();
  return row;
}

describe('a payment that was refused', () => {
  it('is found by the beginning of its id and by its amount, says who refused it, and leads back to the list', async () => {
    const refuse = { do: 'refuse', status: 422, id: 'UnprocessableEntityError' };
    await breakNetwork({ hop: 'row-35', times: 1, action: refuse });
    const { paymentId } = await payInVain('9.73');
    const page = await open('/operator/payments');
    const short = paymentId.slice(0, 8);
    await find(page, '9.73', paymentId);
    const row = await find(page, paymentId.slice(0, 13).toUpperCase(), paymentId);
    await row.getByText('A fault that was switched on in this network refused it.').waitFor();
    await row.getByRole('link', { name: short }).click();
    const note = page.getByRole('alert');
    await note
      .getByText(
        "A fault that was switched on refused it in place of the DFSP API of the payee's DFSP (dfsp2). That system itself refused nothing.",
      )
      .waitFor();
    expect(await isShown(note.getByRole('link', { name: 'Audit log: who switched it on' }))).toBe(true);
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('link', { name: 'Back to “Payments”' }).click();
    await rowsOf(page, 'Payments').filter({ hasText: short }).waitFor();
    expect(await page.getByLabel('Search').inputValue()).toBe(paymentId.slice(0, 13).toUpperCase());

    // A phone has the payment, and no receipt of it.
    const phone = rightPhone(await open('/'));
    await phone.getByRole('button', { name: '−9.73' }).click();
    await phone.getByRole('link', { name: 'Every step' }).waitFor();
    expect(await phone.getByRole('link', { name: 'Receipt' }).count()).toBe(0);

    await page.getByLabel('Id of a payment').fill(short);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('link', { name: 'Back to “Payments”' }).waitFor();
    expect(page.url()).toContain(paymentId);
  });

  it('names the payee also where the DFSP of the payee has no record of it', async () => {
    const refuse = { do: 'refuse', status: 422, id: 'UnprocessableEntityError' };
    const paymentId = await eventually(() => askPrice(FRANK.number, '9.74'));
    await breakNetwork({ hop: 'row-48b', times: 1, action: refuse });
    await expect(callByPhone(ALICE.dfsp, '/transfer', 'POST', { paymentId })).rejects.toThrow(paymentId);
    const page = await open('/operator/payments', { size: 'phone' });
    const row = await find(page, ` “${paymentId.toUpperCase()}” `, paymentId);
    await row.getByText(FRANK.name).waitFor();
    await row.getByRole('link').click();
    const payee = page.getByRole('region', { name: 'Payee, at dfsp2' });
    await payee.getByText(FRANK.name).waitFor();
    expect(await isShown(payee.getByText("The payee's DFSP has no record of this payment"))).toBe(true);
    expect(await seriousProblems(page)).toEqual([]);
  });

  it('names payer, payee and amount also if a price was asked for and never paid', async () => {
    const paymentId = await eventually(() => askPrice(FRANK.number, '9.75'));
    const page = await open(`/payments/${paymentId}`, { size: 'phone' });
    await page.getByText('A price was asked for, and nobody has paid it.').waitFor();
    const who = `9.75\u00A0USD from ${ALICE.name} (${ALICE.number}, dfsp1) to ${FRANK.name} (${FRANK.number}, dfsp2)`;
    await page.getByText(who).waitFor();
    expect(await isShown(page.getByText('With the payer: no money moved, and none was held.'))).toBe(true);
  });

  it('for too little money before it began is found by the number of the customer, with what was to be paid', async () => {
    const { paymentId, invoiceNotificationId } = await payInVain('900000.00');
    await callByPhone(ALICE.dfsp, '/invoiceNotifications/reject', 'PUT', { invoiceNotificationId });
    await eventually(async () => {
      const answer = await fetch(`${CONSOLE_URL}/api/payments?state=notBegun&text=${paymentId}`);
      const found = [{ refusal: { id: 'InsufficientFundsError' } }];
      expect(await answer.json()).toMatchObject({ missing: [], payments: found });
    });
    const page = await open('/operator/payments');
    await page.getByLabel('State').selectOption('not begun');
    const row = await find(page, ALICE.number, paymentId);
    for (const text of ['Alice Ames', 'Bob Diaz', '900\u202F000.00\u00A0USD']) await row.getByText(text).waitFor();
    await row.getByRole('link').click();
    const note = page.getByRole('alert');
    await note.getByText('The customer had too little money on the account.').waitFor();
    await note.getByText(/^Needed: 900.000\.00.USD and the fee\. Available on the account now: /).waitFor();
    await note.getByText('The customer rejected the invoice on').waitFor();
    expect(await isShown(note.getByText('the merchant sends a new invoice'))).toBe(true);
  });
});

describe('the audit log', () => {
  it('says what a fault was, and where', async () => {
    await breakNetwork({ hop: 'P.D', action: { do: 'cut', when: 'before' } });
    await mendAll();
    const page = await open('/operator/audit');
    const words = rowsOf(page, 'Audit log').filter({ hasText: /Requests of step P\.D \(.+\): are lost/ });
    await words.filter({ hasText: 'add fault' }).first().waitFor();
    expect(await isShown(words.filter({ hasText: 'remove fault' }).first())).toBe(true);
    expect(await isShown(page.getByText(/^All times are in the time zone \S+\.$/))).toBe(true);
  });
});

describe('a phone', () => {
  it("proposes another person's number as the payee's", async () => {
    const phone = rightPhone(await open('/'));
    await phone.getByRole('button', { name: 'Send money' }).click();
    const hint = await phone.getByLabel("Payee's number").getAttribute('placeholder');
    expect(hint).toMatch(/^For example \d{8}$/);
    expect(hint).not.toContain(ALICE.number);
  });
});
