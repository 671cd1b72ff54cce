import { eventually } from '@level-one/testing';
import type { Answer, TestNetwork } from './test-network.js';

export const ALICE = '78956562';
export const CAROL = '78956563';
export const BOB = '26547070';
export const DAVE = '26547071';

/** Body of an invoice of Bob's to Alice, with changes. */
export function invoiceOfBob(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { account: 'bob', amount: '10.40', identifier: ALICE, merchantIdentifier: BOB, ...changes };
}

/** Bob invoices Alice. */
export async function invoice(network: TestNetwork, changes: Record<string, unknown> = {}): Promise<Answer> {
  return network.ask('dfsp-api', 'dfsp2', 'POST /v1/merchantInvoice', { body: invoiceOfBob(changes) });
}

/** Pending notifications of a number at its DFSP. */
export async function pending(network: TestNetwork, number = ALICE, dfsp: 'dfsp1' | 'dfsp2' = 'dfsp1') {
  const answer = await network.ask('dfsp-api', dfsp, `GET /v1/invoiceNotifications/pending/${number}`);
  return answer.body.invoices as { invoiceNotificationId: string; status: string; info: string }[];
}

/** Bob invoices Alice and tells the notification's id at her DFSP. */
export async function notifiedInvoice(
  network: TestNetwork,
  changes: Record<string, unknown> = {},
): Promise<{ invoiceId: string; invoiceUrl: string; invoiceNotificationId: string }> {
  const known = new Set((await pending(network)).map((one) => one.invoiceNotificationId));
  const created = await invoice(network, changes);
  if (created.status !== 201) throw new Error(created.text);
  // On a busy machine the first notice may not get through; it is sent again.
  const added = await eventually(
    async () => {
      const found = (await pending(network)).find((one) => !known.has(one.invoiceNotificationId));
      return found ?? Promise.reject(new Error('not notified'));
    },
    { timeoutMs: 60_000, intervalMs: 50 },
  );
  const { invoiceId } = created.body as { invoiceId: string };
  return {
    invoiceId,
    invoiceUrl: network.url('spsp-server', 'dfsp2', `/v1/invoices/${invoiceId}`),
    invoiceNotificationId: added.invoiceNotificationId,
  };
}

/** Alice pays a notification. */
export function pay(network: TestNetwork, invoiceNotificationId: string, account = 'alice'): Promise<Answer> {
  return network.ask('dfsp-api', 'dfsp1', 'PUT /v1/invoiceNotifications/pay', {
    body: { account, invoiceNotificationId },
  });
}
