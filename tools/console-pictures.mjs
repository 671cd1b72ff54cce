#!/usr/bin/env node
// @ts-check
/**
 * Makes the pictures of the console in docs/images, from a demo network that runs with its faults:
 *
 *     npm run start:faults
 *     CHROMIUM_PATH=/usr/bin/chromium node tools/console-pictures.mjs
 *
 * `CONSOLE_URL` names another network than that at port 3000. It pays and fails some payments there.
 */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const IMAGES = join(import.meta.dirname, '..', 'docs', 'images');
const CONSOLE_URL = process.env['CONSOLE_URL'] ?? 'http://127.0.0.1:3000';
const SIZE = { width: 1280, height: 800 };
const QUALITY = 80;
const BYTES_MAX = 150_000;
const WAIT_MS = 60_000;
/** A payee whose notice was refused learns of the end when the payment has expired. */
const END_MS = 180_000;
const ALICE = { number: '78956562', name: 'Alice Ames' };
const PAYEE_REFUSES = { hop: 'row-35', action: { do: 'refuse', status: 422, id: 'UnprocessableEntityError' } };

/**
 * @param {string} path
 * @param {string} [method]
 * @param {unknown} [body]
 * @returns {Promise<any>} what the console answers
 */
async function ask(path, method = 'GET', body) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(CONSOLE_URL + path, { method, headers, ...sent });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

/**
 * @param {Page} page
 * @param {string} name
 */
async function takePicture(page, name) {
  await page.waitForFunction("document.getAnimations().every(({ playState }) => playState !== 'running')");
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  const path = join(IMAGES, `${name}.webp`);
  writeFileSync(path, Buffer.from(data, 'base64'));
  const { size } = statSync(path);
  if (size > BYTES_MAX) throw new Error(`${path} has ${size} bytes, more than ${BYTES_MAX}`);
  console.log(`${path}: ${size} bytes`);
}

/**
 * Bob sends an invoice on the left, Alice pays it on the right.
 * @param {Page} page
 * @param {{ amount: string; info: string }} invoice
 * @returns {Promise<Locator>} Alice's phone
 */
async function payInvoice(page, { amount, info }) {
  await page.goto('/');
  const [bob, alice] = ['left', 'right'].map((side) => page.getByRole('region', { name: `Phone on the ${side}` }));
  if (!bob || !alice) throw new Error('a phone is missing');
  await bob.getByRole('button', { name: 'Send an invoice' }).click();
  await bob.getByLabel("Customer's number").fill(ALICE.number);
  await bob.getByRole('button', { name: 'Find' }).click();
  await bob.getByText(ALICE.name).waitFor();
  await bob.getByLabel('Amount').fill(amount);
  await bob.getByLabel('For what (optional)').fill(info);
  await bob.getByRole('button', { name: /^Send invoice over/ }).click();
  await alice.getByRole('button', { name: info }).first().click();
  await alice.getByRole('button', { name: /^Pay / }).click();
  return alice;
}

/** @returns {Promise<string>} id of the newest payment in a state */
async function newestPayment(/** @type {string} */ state) {
  const { payments } = await ask(`/api/payments?limit=1&state=${state}`);
  return payments[0].paymentId;
}

/** Waits until both DFSPs have the end of a payment. */
async function ended(/** @type {string} */ paymentId) {
  const until = Date.now() + END_MS;
  for (;;) {
    const { views } = await ask(`/api/payments/${paymentId}`);
    if (views.every((/** @type {{ state: string }} */ { state }) => state !== 'pending')) return;
    if (Date.now() > until) throw new Error(`${paymentId} does not end at both DFSPs`);
    await sleep(1_000);
  }
}

/** @param {Page} page */
async function makePictures(page) {
  const alice = await payInvoice(page, { amount: '12.50', info: 'Two coffees' });
  await alice.getByRole('heading', { name: 'Paid' }).waitFor();
  await page.getByRole('heading', { name: 'Money received' }).waitFor();
  await page.locator('[data-story="payment"] [data-hop="V.H"]').first().waitFor();
  await page.waitForFunction('!/held (?!0[.]00)/.test(document.body.innerText)');
  await takePicture(page, 'console-pay');

  await page.goto(`/payments/${await newestPayment('executed')}/receipt`);
  await page.getByText(/^Valid: /).waitFor();
  await takePicture(page, 'console-receipt');

  const { id } = await ask('/api/faults', 'POST', PAYEE_REFUSES);
  try {
    await payInvoice(page, { amount: '18.00', info: 'A book' });
    await page.getByText('No money moved').or(page.getByText('Nothing was taken')).first().waitFor();
  } finally {
    await ask(`/api/faults/${id}`, 'DELETE');
  }
  const failed = await newestPayment('rejected');
  await ended(failed);
  await page.goto(`/payments/${failed}`);
  await page.getByText('What failed first').waitFor();
  await takePicture(page, 'console-payment');

  await page.goto('/operator/payments');
  await page.getByRole('row').nth(2).waitFor();
  await takePicture(page, 'console-operator');
}

const isRoot = process.getuid?.() === 0;
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  // As root Chromium runs only without its sandbox; it opens nothing but the console.
  args: isRoot ? ['--no-sandbox'] : [],
});
try {
  const page = await browser.newPage({
    bypassCSP: true,
    baseURL: CONSOLE_URL,
    viewport: SIZE,
    reducedMotion: 'reduce',
  });
  page.setDefaultTimeout(WAIT_MS);
  await makePictures(page);
} finally {
  await browser.close();
}
