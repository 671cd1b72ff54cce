import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { isShown, openingPages } from './kit/browser.fixture.js';
import { issueInvoice, limitPayments } from './kit/demo-network.fixture.js';
import { ALICE, BOB, ERIN, FRANK } from './kit/people.fixture.js';
import { askForPrice, choosePerson, leftPhone, openInvoice, rightPhone, sendInvoice } from './kit/phones.fixture.js';

const open = openingPages();
let page: Page;

beforeEach(async () => {
  page = await open('/');
});

describe('an invoice', () => {
  it('comes to the customer without a reload, is paid, and both phones say so', async () => {
    await sendInvoice(leftPhone(page), { to: ALICE, amount: '12.50', info: 'Two coffees' });
    await openInvoice(rightPhone(page), 'Two coffees');
    const terms = await rightPhone(page).getByRole('definition').allInnerTexts();
    expect(terms.map((term) => term.replaceAll('\u00A0', ' '))).toEqual([
      BOB.name,
      '12.50 USD',
      '0.00 USD',
      '12.50 USD',
    ]);

    await rightPhone(page).getByLabel('Account').selectOption(ALICE.account);
    await rightPhone(page).getByRole('button', { name: /^Pay / }).click();
    await rightPhone(page).getByRole('heading', { name: 'Paid' }).waitFor();
    expect(await isShown(leftPhone(page).getByRole('heading', { name: 'Money received' }))).toBe(true);
  });

  it('is found by its merchant however many came after it', async () => {
    // As if newer ones filled the first page of the list.
    await page.route(/\/v1\/invoices\?/, (route) => route.fulfill({ json: { invoices: [], next: null } }));
    await sendInvoice(leftPhone(page), { to: ALICE, amount: '1.20', info: 'Long ago' });
    await leftPhone(page).getByRole('button', { name: 'Cancel the invoice' }).click();
    expect(await isShown(leftPhone(page).getByText('You cancelled the invoice'))).toBe(true);
  });

  it('is drawn hop by hop, with frames, while it is paid', async () => {
    await sendInvoice(leftPhone(page), { to: ALICE, amount: '1.00', info: 'Drawn' });
    await page.locator('[data-story="invoice"] [data-hop="III.E"]').waitFor();
    await openInvoice(rightPhone(page), 'Drawn');
    await rightPhone(page).getByRole('button', { name: /^Pay / }).click();
    const payment = page.locator('[data-story="payment"]');
    await payment.locator('[data-hop="V.H"]').first().waitFor();
    await payment.locator('[data-hop="P.F"]').first().waitFor();

    await payment.locator('[data-hop="V.B"]').click();
    await payment.getByText('Why this step').waitFor();
    expect(await payment.getByText('SHA-256 hash of the fulfillment is the condition').count()).toBe(1);
  });

  it('is rejected by the customer, and the merchant sees it', async () => {
    await sendInvoice(leftPhone(page), { to: ALICE, amount: '3.00', info: 'Not wanted' });
    await openInvoice(rightPhone(page), 'Not wanted');
    await rightPhone(page).getByRole('button', { name: 'Reject' }).click();
    await rightPhone(page).getByText('You rejected the invoice').waitFor();
    expect(await isShown(leftPhone(page).getByText('The customer rejected the invoice'))).toBe(true);
  });

  it('is cancelled by the merchant while the customer looks at it', async () => {
    await sendInvoice(leftPhone(page), { to: ALICE, amount: '4.00', info: 'By mistake' });
    await openInvoice(rightPhone(page), 'By mistake');
    await leftPhone(page).getByRole('button', { name: 'Cancel the invoice' }).click();
    await leftPhone(page).getByText('You cancelled the invoice').waitFor();
    expect(await isShown(rightPhone(page).getByText('The merchant cancelled the invoice'))).toBe(true);
  });

  it('that is more than the account holds says so, and what to do', async () => {
    await sendInvoice(leftPhone(page), { to: ALICE, amount: '99000.00', info: 'A house' });
    await openInvoice(rightPhone(page), 'A house');
    await rightPhone(page).getByRole('button', { name: /^Pay / }).click();
    await rightPhone(page).getByText('There is not enough money on this account').waitFor();
    expect(await isShown(rightPhone(page).getByText('Choose another account'))).toBe(true);
    await leftPhone(page).getByRole('button', { name: 'Cancel the invoice' }).click();
    expect(await isShown(rightPhone(page).getByText('The merchant cancelled the invoice'))).toBe(true);
  });

  it('that has expired says so on both phones', async () => {
    const expiresAt = new Date(Date.now() + 20_000).toISOString();
    await issueInvoice({ amount: '5.00', info: 'Soon over', expiresAt });
    await openInvoice(rightPhone(page), 'Soon over');
    await rightPhone(page).getByText('The time for this invoice is over').waitFor();
    await leftPhone(page).getByRole('button', { name: 'Soon over' }).click();
    expect(await isShown(leftPhone(page).getByText('it was not paid'))).toBe(true);
  });

  it('for a number that nobody has is not sent', async () => {
    const phone = leftPhone(page);
    await phone.getByRole('button', { name: 'Send an invoice' }).click();
    await phone.getByLabel("Customer's number").fill('99999999');
    await phone.getByRole('button', { name: 'Find' }).click();
    await phone.getByText('Nobody in the network has this number').waitFor();
    expect(await phone.getByLabel('Amount').count()).toBe(0);
  });
});

describe('a product', () => {
  it('is sold by a code that the other phone takes over', async () => {
    const seller = leftPhone(page);
    await seller.getByRole('button', { name: 'Sell by code' }).click();
    await seller.getByLabel('Product').fill('Postcard');
    await seller.getByLabel('Amount').fill('2.00');
    await seller.getByRole('button', { name: 'Show code' }).click();
    await seller.getByRole('img', { name: 'Sell by code' }).waitFor();

    const buyer = rightPhone(page);
    await buyer.getByRole('button', { name: 'Scan a code' }).click();
    await buyer.getByRole('button', { name: 'Take over the code of the other phone' }).click();
    await buyer.getByRole('heading', { name: 'Postcard' }).waitFor();
    await buyer.getByRole('button', { name: /^Pay / }).click();
    expect(await isShown(buyer.getByRole('heading', { name: 'Paid' }))).toBe(true);
  });
});

describe('money from person to person', () => {
  it('goes at a price that was agreed first, within its time', async () => {
    await choosePerson(page, 'right', ERIN);
    await choosePerson(page, 'left', FRANK);
    const payer = rightPhone(page);
    await askForPrice(payer, FRANK, '10.00');
    await payer.getByRole('heading', { name: 'The agreed price' }).waitFor();
    expect(await payer.getByRole('timer').innerText()).toMatch(/^Valid for \d+:\d\d$/);

    await payer.getByRole('button', { name: /^Pay / }).click();
    await payer.getByRole('heading', { name: 'Paid' }).waitFor();
    expect(await isShown(leftPhone(page).getByText('+9.25 USD'))).toBe(true);
    await payer.getByRole('button', { name: 'Done' }).click();
    expect(await isShown(payer.getByText('−10.25 USD'))).toBe(true);
  });

  it('over a limit says so, and what to do', async () => {
    const end = await limitPayments(ERIN.dfsp, {
      name: 'browser tests',
      transferType: 'p2p',
      payerIdentifier: ERIN.number,
      maxAmount: '50',
    });
    await choosePerson(page, 'right', ERIN);
    await askForPrice(rightPhone(page), FRANK, '60.00');
    await rightPhone(page).getByText('This payment is over a limit.').waitFor();
    expect(await isShown(rightPhone(page).getByText('Choose a smaller amount'))).toBe(true);
    await end();
  });
});
