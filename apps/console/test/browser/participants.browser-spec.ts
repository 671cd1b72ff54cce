import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { changeLook, isShown, openingPages, overflows, seriousProblems } from './kit/browser.fixture.js';
import { callDirectory } from './kit/demo-network.fixture.js';
import { type OperatorConsole, rowsOf, signIn, startOperatorConsole, USERS } from './kit/operator-console.fixture.js';

interface Registered {
  credentials: { key: string }[];
  signingKeys: { keyId: string }[];
}

const open = openingPages();
let console: OperatorConsole;

beforeAll(async () => {
  console = await startOperatorConsole();
});

afterAll(() => console?.stop());

async function openAs(name: keyof typeof USERS, size: 'desk' | 'phone' = 'desk'): Promise<Page> {
  const page = await open('/operator/participants', { at: console.url, size });
  await signIn(page, name, console.password);
  return page;
}

const keysOf = (page: Page, dfsp: string) => page.getByRole('region', { name: `Valid keys of ${dfsp}`, exact: true });

describe('the keys of a participant', () => {
  it('are those of the directory, each with its use and time, and are hidden again', async () => {
    const { credentials, signingKeys } = await callDirectory<Registered>('/dfsps/dfsp2');
    const page = await openAs('olaf');
    await page.getByRole('button', { name: 'Show keys of dfsp2' }).click();
    const keys = rowsOf(page, 'Valid keys of dfsp2');
    await keys.nth(1).waitFor();
    const shown = await keys.getByRole('cell').allInnerTexts();
    expect(shown.filter((_, at) => at % 3 !== 2)).toEqual([
      ...credentials.flatMap(({ key }) => [key, 'signs in at the directory']),
      ...signingKeys.flatMap(({ keyId }) => [keyId, 'signs requests to other DFSPs']),
    ]);
    for (const time of shown.filter((_, at) => at % 3 === 2)) expect(time).toMatch(/\d{4}.\d+:\d\d:\d\d/);

    await page.getByRole('button', { name: 'Hide keys of dfsp2' }).click();
    await keysOf(page, 'dfsp2').waitFor({ state: 'detached' });
    expect(await isShown(page.getByRole('button', { name: 'Show keys of dfsp2' }))).toBe(true);
  });

  it('have a new one without a reload, never its secret, and not the one that was retired', async () => {
    const key = `dfsp1-${randomUUID().slice(0, 8)}`;
    const page = await openAs('olaf');
    await page.getByRole('button', { name: 'Show keys of dfsp1' }).click();
    await rowsOf(page, 'Valid keys of dfsp1').nth(1).waitFor();
    const { secret } = await callDirectory<{ secret: string }>('/dfsps/dfsp1/credentials', 'POST', { key });
    const row = rowsOf(page, 'Valid keys of dfsp1').filter({ hasText: key });
    await row.getByText('signs in at the directory').waitFor();
    expect(secret.length).toBeGreaterThan(10);
    expect(await page.content()).not.toContain(secret);

    await callDirectory(`/dfsps/dfsp1/credentials/${key}`, 'DELETE');
    await row.waitFor({ state: 'detached' });
    expect(await rowsOf(page, 'Valid keys of dfsp1').count()).toBeGreaterThan(1);
  });

  it('come into sight on a phone, and have nothing that axe calls serious', async () => {
    const page = await openAs('olaf', 'phone');
    await page.getByRole('button', { name: 'Show keys of dfsp1' }).click();
    await rowsOf(page, 'Valid keys of dfsp1').nth(1).waitFor();
    const head = keysOf(page, 'dfsp1').getByRole('heading');
    expect(await keysOf(page, 'dfsp1').locator('h2:focus').count()).toBe(1);
    expect((await head.boundingBox())!.y).toBeLessThan(page.viewportSize()!.height);
    for (const scheme of ['light', 'dark'] as const) {
      await changeLook(page, { size: 'phone', scheme });
      expect(await seriousProblems(page)).toEqual([]);
      expect(await overflows(page)).toBe(false);
    }
  });

  it('are not for viewers, who are told so', async () => {
    const page = await openAs('vera');
    await page.getByRole('button', { name: 'Show keys of dfsp1' }).click();
    await keysOf(page, 'dfsp1').getByText('Your role does not permit this.').waitFor();
    expect(await rowsOf(page, 'Valid keys of dfsp1').count()).toBe(0);
  });
});
