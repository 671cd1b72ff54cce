import { expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { isShown, openingPages } from './kit/browser.fixture.js';
import { ALICE } from './kit/people.fixture.js';
import { leftPhone, rightPhone } from './kit/phones.fixture.js';

const open = openingPages();
/** More than any page has. */
const STOPS_MAX = 150;

/** Presses Tab until something has the focus. @throws Error if it never has */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.first().waitFor();
  for (let stops = 0; stops < STOPS_MAX; stops += 1) {
    if ((await target.first().and(page.locator(':focus')).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not come to ${String(target)}`);
}

it('a payment is made with the keyboard alone', async () => {
  const page = await open('/');
  const press = async (target: Locator): Promise<void> => {
    await tabTo(page, target);
    await page.keyboard.press('Enter');
  };
  const type = async (target: Locator, text: string): Promise<void> => {
    await tabTo(page, target);
    await page.keyboard.type(text);
  };
  const merchant = leftPhone(page);
  await press(merchant.getByRole('button', { name: 'Send an invoice' }));
  await type(merchant.getByLabel("Customer's number"), ALICE.number);
  await page.keyboard.press('Enter');
  await type(merchant.getByLabel('Amount'), '1.25');
  await type(merchant.getByLabel('For what (optional)'), 'By keyboard');
  await page.keyboard.press('Enter');
  await merchant.getByText(`Waiting for ${ALICE.name}`).waitFor();

  const customer = rightPhone(page);
  await press(customer.getByRole('button', { name: 'By keyboard' }));
  await press(customer.getByRole('button', { name: /^Pay / }));
  await customer.getByRole('heading', { name: 'Paid' }).waitFor();
  await press(customer.getByRole('link', { name: 'Receipt' }));
  expect(await isShown(page.getByText('Valid: SHA-256'))).toBe(true);
});
