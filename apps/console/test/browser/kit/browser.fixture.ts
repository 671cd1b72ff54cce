import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

export const CONSOLE_URL = process.env['CONSOLE_URL']!;

/** People of the demo network. */
export const ALICE = { number: '78956562', name: 'Alice Ames', account: 'alice', dfsp: 'dfsp1' };
export const BOB = { number: '26547070', name: 'Bob Diaz', account: 'bob', dfsp: 'dfsp2' };
export const ERIN = { number: '92806391', name: 'Erin Eze', account: 'erin', dfsp: 'dfsp1' };
export const FRANK = { number: '30754016', name: 'Frank Fall', account: 'frank', dfsp: 'dfsp2' };

export const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 375, height: 812 } };
export type Size = keyof typeof SIZES;
export type Scheme = 'light' | 'dark';

/** Waits for what is shown, however busy the machine is. */
const WAIT_MS = 120_000;

export function launchBrowser(): Promise<Browser> {
  // As root Chromium runs only without its sandbox; it opens nothing but the console.
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: process.env['CHROMIUM_PATH'], args: isRoot ? ['--no-sandbox'] : [] });
}

/** Opens a page of the console. */
export async function openPage(
  browser: Browser,
  path: string,
  { size = 'desk', scheme = 'light' }: { size?: Size; scheme?: Scheme } = {},
): Promise<Page> {
  const page = await browser.newPage({
    viewport: SIZES[size],
    colorScheme: scheme,
    reducedMotion: 'reduce',
    baseURL: CONSOLE_URL,
  });
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(path);
  return page;
}

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

/** Waits until something is shown. @throws TimeoutError if it never is */
export async function isShown(locator: Locator): Promise<boolean> {
  await locator.first().waitFor();
  return true;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

interface AxeViolation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe finds that is serious or worse, as text; empty if all is well. */
export async function seriousProblems(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: AxeViolation[] }>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

/** Whether a page is wider than the screen. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth + 1');
