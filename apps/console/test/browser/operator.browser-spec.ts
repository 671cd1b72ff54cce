import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { isShown, openingPages } from './kit/browser.fixture.js';
import { breakNetwork, issueInvoice, mendAll, payProduct } from './kit/demo-network.fixture.js';
import { type OperatorConsole, rowsOf, signIn, startOperatorConsole, USERS } from './kit/operator-console.fixture.js';
import { ALICE } from './kit/people.fixture.js';
import { rightPhone } from './kit/phones.fixture.js';

const open = openingPages();
let console: OperatorConsole;
let paymentId: string;

beforeAll(async () => {
  console = await startOperatorConsole();
  paymentId = await payProduct('3.00', 'For the operator');
});

afterAll(() => console.stop());

/** Opens a page as one of the users, who signs in there. */
async function openAs(name: keyof typeof USERS, path: string, password = console.password): Promise<Page> {
  const page = await open(path, { at: console.url });
  await signIn(page, name, password);
  return page;
}

/** Approves the newest change of this kind as another person, and waits for its result. */
async function approve(kind: string): Promise<void> {
  const page = await openAs('anna', '/operator/changes');
  const change = rowsOf(page, 'Changes').filter({ hasText: kind }).first();
  await change.getByRole('button', { name: 'Approve' }).click();
  await change.getByText('done', { exact: true }).waitFor();
}

describe('who signs in', () => {
  it('with a wrong password is told so', async () => {
    const page = await openAs('vera', '/operator', 'wrong');
    await page.getByText('Name or password is wrong.').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
  });

  it('as a viewer looks, changes nothing, and signs out', async () => {
    const page = await openAs('vera', '/operator/roles');
    const ledger = rowsOf(page, 'Roles').filter({ hasText: 'central-ledger' });
    await ledger.getByText('ready').waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    expect(await ledger.getByRole('cell').nth(3).innerText()).toMatch(/^\d+\.\d+\.\d+/);
    expect(await ledger.getByRole('cell').nth(4).innerText()).toBe('1');

    await page.getByRole('link', { name: 'Positions' }).click();
    await page.getByLabel('New cap of dfsp1').fill('5000');
    await rowsOf(page, 'Positions').filter({ hasText: 'dfsp1' }).getByRole('button', { name: 'Propose' }).click();
    await page.getByText('Your role does not permit this.').waitFor();
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByText('Ask somebody with a higher role.').waitFor();

    await page.getByRole('button', { name: 'Signed in as vera' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    expect(await isShown(page.getByRole('region', { name: 'Sign in' }))).toBe(true);
  });
});

describe('a change', () => {
  it('of a cap is proposed by one person, approved by another, carried out, and in the audit log', async () => {
    const cap = `${70_000 + Math.floor(Math.random() * 9_000)}`;
    const page = await openAs('olaf', '/operator/positions');
    await page.getByLabel('New cap of dfsp1').fill(cap);
    await rowsOf(page, 'Positions').filter({ hasText: 'dfsp1' }).getByRole('button', { name: 'Propose' }).click();
    await page.getByRole('status').getByRole('link', { name: 'Changes' }).click();
    const change = rowsOf(page, 'Changes').filter({ hasText: cap });
    await change.getByText('another person decides').waitFor();

    await approve(cap);
    await change.getByText('done', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Positions' }).click();
    const shown = `${cap.slice(0, 2)}\u202F${cap.slice(2)}.00`;
    await rowsOf(page, 'Positions').filter({ hasText: 'dfsp1' }).getByText(shown).waitFor();

    await page.getByRole('link', { name: 'Audit log' }).click();
    const audit = rowsOf(page, 'Audit log');
    await audit.filter({ hasText: 'anna' }).filter({ hasText: 'approve set-cap' }).first().waitFor();
    expect(await isShown(audit.filter({ hasText: 'olaf' }).filter({ hasText: 'propose set-cap' }))).toBe(true);
  });

  it('closes a settlement window, and settles it', async () => {
    const page = await openAs('olaf', '/operator/positions');
    const window = rowsOf(page, 'Settlement windows');
    const current = window.filter({ has: page.getByRole('button', { name: 'Propose to close' }) });
    const number = await current.first().getByRole('cell').first().innerText();
    const row = window.filter({
      has: page.getByRole('button', { name: new RegExp(`positions of window ${number}$`) }),
    });
    await row.getByRole('button', { name: 'Propose to close' }).click();
    await page.getByText('Another person has to approve it under').waitFor();
    await approve('close a window');
    await row.getByText('closed, to be paid').waitFor();

    await row.getByRole('button', { name: new RegExp(`positions of window ${number}$`) }).click();
    await rowsOf(page, `Positions of window ${number}`).filter({ hasText: 'dfsp2' }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Payments as CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`window-${number}-payments.csv`);
    expect(await readFile(await file.path(), 'utf8')).toContain('dfsp2');
    await row.getByRole('button', { name: 'Propose to settle' }).click();
    await approve('settle a window');
    expect(await isShown(row.getByText('settled', { exact: true }))).toBe(true);
  });

  it('that suspends a DFSP can be rejected, and nothing happens', async () => {
    const page = await openAs('olaf', '/operator/participants');
    const dfsp = rowsOf(page, 'Participants').filter({ hasText: 'dfsp2' });
    await dfsp.getByRole('button', { name: 'Propose to suspend' }).click();
    await page.getByText('Another person has to approve it under').waitFor();
    const other = await openAs('anna', '/operator/changes');
    const change = rowsOf(other, 'Changes').filter({ hasText: 'suspend a participant' }).first();
    await change.getByRole('button', { name: 'Reject' }).click();
    await change.getByText('rejected').waitFor();
    expect(await isShown(dfsp.getByText('active'))).toBe(true);
  });
});

describe('an operator', () => {
  it('finds payments by number, state and DFSP, and opens one', async () => {
    const page = await openAs('olaf', '/operator/payments');
    await page.getByLabel('Search').fill(ALICE.number);
    await page.getByLabel('State').selectOption('executed');
    await page.getByLabel('DFSP', { exact: true }).selectOption('dfsp1');
    const found = rowsOf(page, 'Payments').filter({ hasText: paymentId.slice(0, 8) });
    await found.getByText('paid', { exact: true }).waitFor();
    await page.getByLabel('State').selectOption('expired');
    await found.waitFor({ state: 'detached' });
    await page.getByLabel('State').selectOption('executed');
    await found.getByRole('link', { name: paymentId.slice(0, 8) }).click();
    expect(await isShown(page.getByRole('region', { name: 'Payer, at dfsp1' }))).toBe(true);
  });

  it('sees what could not be delivered, and has it sent again', async () => {
    await breakNetwork({ hop: 'III.C', action: { do: 'cut', when: 'before' } });
    await issueInvoice({ amount: '6.00', info: 'Not delivered' });
    const page = await openAs('olaf', '/operator/open');
    const notice = rowsOf(page, 'Undelivered').filter({ hasText: 'dfsp2/dfsp-api' }).first();
    await notice.getByRole('button', { name: 'Propose to send again' }).click();
    await approve('send again');
    await mendAll();
    await page.getByText('Everything was delivered.').waitFor();
    const phone = rightPhone(await open('/'));
    expect(await isShown(phone.getByRole('button', { name: 'Not delivered' }))).toBe(true);
  });

  it('sees that all ledgers keep their rules, and that the books agree', async () => {
    const page = await openAs('olaf', '/operator/checks');
    await page
      .getByText(/^all \d+ kept$/)
      .nth(2)
      .waitFor();
    await page.getByRole('button', { name: 'Compare now' }).click();
    await page.getByText(/^Last compared .+ records$/).waitFor();
    expect(await isShown(page.getByText('The books agree.'))).toBe(true);
  });

  it('sees payments a second, their time, their states and the positions as charts', async () => {
    const page = await openAs('olaf', '/operator/charts');
    for (const name of ['Payments a second', 'Time of a payment (ms)', 'Payments by state']) {
      expect(await isShown(page.getByRole('region', { name }).locator('svg.recharts-surface'))).toBe(true);
    }
    await page.getByLabel('Time shown').selectOption('day');
    expect(await isShown(page.getByRole('region', { name: 'Payments by state' }).getByText('accepted'))).toBe(true);
  });
});
