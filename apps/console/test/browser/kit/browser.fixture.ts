import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { CONSOLE_URL } from './people.fixture.js';

export const SIZES = { desk: { width: 1280, height: 900 }, phone: { width: 375, height: 812 } };
export type Size = keyof typeof SIZES;
export type Scheme = 'light' | 'dark';

interface Look {
  size?: Size;
  scheme?: Scheme;
  /** Console to open; the demo network's unless given. */
  at?: string;
}

/** Waits for what is shown, however busy the machine is. */
const WAIT_MS = 120_000;

function launchBrowser(): Promise<Browser> {
  // As root Chromium runs only without its sandbox; it opens nothing but the console.
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: process.env['CHROMIUM_PATH'], args: isRoot ? ['--no-sandbox'] : [] });
}

/**
 * A browser for the tests of a file. Its pages share nothing, and are closed after each test.
 * @returns what opens a page of the console
 */
export function openingPages(): (path: string, look?: Look) => Promise<Page> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser.close();
  });
  return async (path, { size = 'desk', scheme = 'light', at = CONSOLE_URL } = {}) => {
    const page = await browser.newPage({
      viewport: SIZES[size],
      colorScheme: scheme,
      reducedMotion: 'reduce',
      baseURL: at,
    });
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(path);
    return page;
  };
}

const TRANSITIONS_END = `Promise.allSettled(
  document.getAnimations().filter((one) => one instanceof CSSTransition).map(({ finished }) => finished),
).then(() => undefined)`;

/** Changes the screen and the colours of a page, and waits until it has followed. */
export async function changeLook(page: Page, { size, scheme }: { size: Size; scheme: Scheme }): Promise<void> {
  await page.setViewportSize(SIZES[size]);
  await page.emulateMedia({ colorScheme: scheme });
  await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor();
  await page.evaluate(TRANSITIONS_END);
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
