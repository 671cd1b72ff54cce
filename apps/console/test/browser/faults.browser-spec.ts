import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { isShown, openingPages } from './kit/browser.fixture.js';
import { mendAll } from './kit/demo-network.fixture.js';

const open = openingPages();
let page: Page;

beforeEach(async () => {
  await mendAll();
  page = await open('/faults');
  await page.getByText('Nothing is broken.').waitFor();
});

afterEach(() => mendAll());

/** Some passages are asked again, so that a rule meets more than one. */
const MET = /met (once|[1-9])/;

const inForce = () => page.getByRole('region', { name: 'In force' });
const test = () => page.getByRole('region', { name: 'Test payment' });

async function switchOn(title: string): Promise<void> {
  await page.getByRole('button', { name: `Switch on: ${title}` }).click();
  await inForce().getByRole('button', { name: 'Mend' }).waitFor();
}

async function payWell(): Promise<void> {
  await test().getByRole('button', { name: 'Pay now' }).click();
  await test().getByText('paid', { exact: true }).waitFor();
}

describe('a fault on purpose', () => {
  it('stops a payment, which says so in words; mended, payments go on', async () => {
    await switchOn('The payee refuses');
    await test().getByRole('button', { name: 'Pay now' }).click();
    const said = test().getByRole('alert');
    await said.waitFor();
    expect(await said.innerText()).toContain('Nothing was taken.');
    await inForce().getByText(MET).waitFor();
    const refused = page.locator('[data-story="payment"] [data-hop="row-35"]').first();
    await refused.waitFor();
    expect(await refused.getAttribute('aria-label')).toContain(' 422 ');

    await inForce().getByRole('button', { name: 'Mend' }).click();
    await page.getByText('Nothing is broken.').waitFor();
    await payWell();
    expect(await isShown(test().getByRole('link'))).toBe(true);
  });

  it('that loses an answer hinders nothing: the connector asks again', async () => {
    await switchOn('An answer is lost');
    await payWell();
    expect(await isShown(inForce().getByText(MET))).toBe(true);
  });

  it("can be any rule of one's own", async () => {
    const own = page.getByRole('region', { name: 'Your own fault' });
    await own.getByLabel('Hop').selectOption('P.D');
    await own.getByLabel('What happens').selectOption('duplicate');
    await own.getByRole('button', { name: 'Switch on' }).click();
    await inForce().getByText('P.D · duplicate').waitFor();
    await payWell();
    expect(await isShown(inForce().getByText(MET))).toBe(true);
  });
});
