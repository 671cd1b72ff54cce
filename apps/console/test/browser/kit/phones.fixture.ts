import type { Locator, Page } from 'playwright-core';

export const leftPhone = (page: Page): Locator => page.getByRole('region', { name: 'Phone on the left' });
export const rightPhone = (page: Page): Locator => page.getByRole('region', { name: 'Phone on the right' });

/** Lets one of the phones belong to somebody else. */
export async function choosePerson(page: Page, side: 'left' | 'right', person: { number: string }): Promise<void> {
  await page.getByRole('combobox', { name: `Phone on the ${side}` }).selectOption(person.number);
}

/** Sends an invoice from one phone: the customer is found by number first. */
export async function sendInvoice(
  phone: Locator,
  { to, amount, info }: { to: { number: string; name: string }; amount: string; info: string },
): Promise<void> {
  await phone.getByRole('button', { name: 'Send an invoice' }).click();
  await phone.getByLabel("Customer's number").fill(to.number);
  await phone.getByRole('button', { name: 'Find' }).click();
  await phone.getByText(to.name).waitFor();
  await phone.getByLabel('Amount').fill(amount);
  await phone.getByLabel('For what (optional)').fill(info);
  await phone.getByRole('button', { name: /^Send invoice over/ }).click();
  await phone.getByText(`Waiting for ${to.name}`).waitFor();
}

/** Opens an invoice that was sent to this phone. It comes without a reload. */
export async function openInvoice(phone: Locator, info: string): Promise<void> {
  await phone.getByRole('button', { name: info }).first().click();
  await phone.getByRole('button', { name: /^Pay / }).waitFor();
}

/** Asks for the price of sending money to somebody. */
export async function askForPrice(phone: Locator, to: { number: string; name: string }, amount: string): Promise<void> {
  await phone.getByRole('button', { name: 'Send money' }).click();
  await phone.getByLabel("Payee's number").fill(to.number);
  await phone.getByRole('button', { name: 'Find' }).click();
  await phone.getByText(to.name).waitFor();
  await phone.getByLabel('Amount', { exact: true }).fill(amount);
  await phone.getByRole('button', { name: 'Ask for the price' }).click();
}
