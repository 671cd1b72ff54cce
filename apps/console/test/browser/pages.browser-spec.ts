import { beforeAll, expect, it } from '@jest/globals';
import { changeLook, openingPages, overflows, type Scheme, seriousProblems, type Size } from './kit/browser.fixture.js';
import { askUnknownPayee, payProduct } from './kit/demo-network.fixture.js';

const open = openingPages();
let paymentId: string;

beforeAll(async () => {
  paymentId = await payProduct();
  await askUnknownPayee();
});

/** Each page, and what is shown when it is there. */
const PAGES: [path: string, shown: string][] = [
  ['/', 'Pay across two DFSPs'],
  ['/network', 'The network, live'],
  ['/payments/{id}', 'Every step'],
  ['/payments/{id}/receipt', 'Valid: SHA-256'],
  ['/receipt', 'Check a receipt'],
  ['/faults', 'Faults on purpose'],
  ['/operator/roles', 'central-directory'],
  ['/operator/payments', 'Search'],
  ['/operator/refused', 'Whose fault'],
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

it.each(PAGES)('%s has nothing that axe calls serious, and fits the screen', async (path, shown) => {
  const page = await open(path.replace('{id}', paymentId));
  await page.getByText(shown).first().waitFor({ state: 'attached' });
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  const found: Record<string, string[]> = {};
  for (const [size, scheme] of LOOKS) {
    await changeLook(page, { size, scheme });
    const problems = await seriousProblems(page);
    found[`${size}, ${scheme}`] = (await overflows(page)) ? [...problems, 'wider than the screen'] : problems;
  }
  expect(found).toEqual({ 'desk, light': [], 'desk, dark': [], 'phone, light': [], 'phone, dark': [] });
});
