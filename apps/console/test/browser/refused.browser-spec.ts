import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import type { Page } from 'playwright-core';
import { changeLook, isShown, openingPages, overflows, seriousProblems } from './kit/browser.fixture.js';
import { askPrice, askUnknownPayee, breakNetwork, handInList, mendAll, NOBODY } from './kit/demo-network.fixture.js';
import { rowsOf } from './kit/operator-console.fixture.js';
import { ALICE, BOB, FRANK } from './kit/people.fixture.js';

const open = openingPages();
let bulkPaymentId: string;

beforeAll(async () => {
  bulkPaymentId = await handInList([
    { identifier: BOB.number, amount: 'ten' },
    { identifier: NOBODY, amount: '2' },
  ]);
  await askUnknownPayee();
});

/** Looks until the list has it: rows are checked one after the other, and traces come a moment later. */
async function lookFor(page: Page, text: string): Promise<void> {
  await eventually(
    async () => {
      await page.reload();
      await page.getByRole('table').or(page.getByText('Nothing was refused that fits.')).first().waitFor();
      if ((await page.getByText(text).count()) === 0) throw new Error(`${text} is not listed yet`);
    },
    { timeoutMs: 120_000 },
  );
}

describe('what was refused before there was a payment', () => {
  it('has rows of lists, found by list and by number, with why, whose fault and what to do', async () => {
    const page = await open('/operator/refused');
    await lookFor(page, `Line 2: 2 from ${ALICE.name} to ${NOBODY}`);
    const rows = rowsOf(page, 'Refused');
    await page.getByLabel('Search').fill(bulkPaymentId);
    const ofList = rows.filter({ hasText: bulkPaymentId });
    const unreadable = ofList.filter({ hasText: `Line 1: ten from ${ALICE.name} to ${BOB.name}` });
    await unreadable.getByText('Amount must be a decimal number').waitFor();
    expect(await isShown(unreadable.getByText('refused when it was checked'))).toBe(true);

    await page.getByLabel('Search').fill(NOBODY);
    await unreadable.waitFor({ state: 'detached' });
    const unknown = ofList.filter({ hasText: NOBODY });
    await unknown.getByText('No DFSP of the network has a customer with the number of the payee.').waitFor();
    await unknown.getByText('of who asked: the customer, or the system that made the request').waitFor();
    expect(await isShown(unknown.getByText('checks the number.'))).toBe(true);

    await page.getByLabel('Search').fill('11');
    expect(await isShown(page.getByText('Nothing was refused that fits.'))).toBe(true);
  });

  it('names the system that failed first, and is reached from a search of payments that finds none', async () => {
    await breakNetwork({ place: 'dfsp2/spsp-backend', action: { do: 'cut', when: 'before' } });
    await expect(askPrice(FRANK.number, '4.00')).rejects.toThrow('ExternalError');
    await mendAll();
    const first = /First: The connection from dfsp2\/spsp-server to dfsp2\/spsp-backend broke before an answer came\./;
    const page = await open('/operator/payments?dfsp=dfsp1');
    await page.getByLabel('Search').fill('4444.44 USD');
    await page.getByText('No payment fits.').waitFor();
    await page.getByRole('link', { name: 'Look at what was refused before there was a payment' }).click();
    await eventually(async () => {
      await page.reload();
      await rowsOf(page, 'Refused').filter({ hasText: first }).first().waitFor({ timeout: 5_000 });
    });
    expect(await page.getByLabel('DFSP', { exact: true }).inputValue()).toBe('dfsp1');
  });

  it('has requests that got no payment, on a desk and on a phone', async () => {
    const page = await open('/operator/refused');
    await lookFor(page, 'Request for a price');
    const unknown = 'No DFSP of the network has a customer with the number of the payee.';
    const requests = rowsOf(page, 'Refused').filter({ hasText: 'Request for a price' });
    await requests.filter({ hasText: unknown }).first().waitFor();
    for (const [size, scheme] of [
      ['desk', 'dark'],
      ['phone', 'light'],
    ] as const) {
      await changeLook(page, { size, scheme });
      expect(await seriousProblems(page)).toEqual([]);
      expect(await overflows(page)).toBe(false);
    }
  });
});
