import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CONDITION, eventually, FULFILLMENT } from '@level-one/testing';
import { type Finding, findDifferences } from '@level-one/reconciliation';
import { notifiedInvoice, pay } from '../../network/test/support/people.js';
import { TestNetwork } from '../../network/test/support/test-network.js';
import { placesOfNetwork } from '../src/commands/checks/reconcile-places.js';

/** A difference as the console's API tells it. */
interface ShownDifference {
  kind: string;
  paymentId: string;
  cause: string;
  todo: string;
}

describe('npm run reconcile', () => {
  let network: TestNetwork;
  let portBase: number;

  beforeAll(async () => {
    network = await TestNetwork.start();
    portBase = Number(new URL(network.url('central-ledger', null, '/')).port) - 12;
  });
  afterAll(() => network.close());

  async function compare(): Promise<{ found: Finding[]; told: string[] }> {
    const [found, told]: [Finding[], string[]] = [[], []];
    const options = { from: undefined, tell: (line: string) => void told.push(line) };
    for await (const finding of findDifferences(placesOfNetwork({ portBase }), options)) found.push(finding);
    return { found, told };
  }

  /** What the console's page shows of a comparison that it makes now. */
  async function differencesOfConsole(): Promise<ShownDifference[]> {
    const url = `${network.running.plan.pageUrl}/api/reconciliation`;
    const begun = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    expect(begun.status).toBeLessThan(300);
    return eventually(async () => {
      const result = (await (await fetch(url)).json()) as { differences: ShownDifference[] };
      expect(result).toMatchObject({ state: 'done', missing: [] });
      return result.differences;
    });
  }

  it('finds no difference in a network whose payments went well', async () => {
    for (let count = 0; count < 2; count += 1) {
      const { invoiceNotificationId } = await notifiedInvoice(network);
      expect((await pay(network, invoiceNotificationId)).status).toBeLessThan(300);
    }
    const { found, told } = await compare();
    expect(found).toEqual([]);
    expect(told.find((line) => line.startsWith('dfsp1:'))).toContain('2 transfers on both ledgers');
    expect(told.find((line) => line.startsWith('dfsp2:'))).toContain('2 transfers on both ledgers');
  });

  it('names a transfer at the centre that no DFSP knows, on both sides, and a window that is not settled', async () => {
    const id = randomUUID();
    const put = await network.ask('central-ledger', null, `PUT /transfers/${id}`, {
      auth: 'dfsp1:dfsp1',
      body: {
        debits: [{ account: 'dfsp1', amount: '1.23', authorized: true }],
        credits: [{ account: 'dfsp2', amount: '1.23' }],
        execution_condition: CONDITION,
        expires_at: new Date(Date.now() + 60_000).toISOString(),
      },
    });
    expect(put.status).toBe(201);
    const fulfilled = await network.ask('central-ledger', null, `PUT /transfers/${id}/fulfillment`, {
      auth: 'dfsp2:dfsp2',
      body: FULFILLMENT,
      headers: { 'content-type': 'text/plain' },
    });
    expect(fulfilled.status).toBeLessThan(300);
    await network.ask('central-ledger', null, 'POST /webhooks/settle-transfers', { auth: 'admin:admin' });

    const { found } = await compare();
    const shown = await differencesOfConsole();
    const told = found.filter(({ isOpen }) => !isOpen);
    expect(shown.map(({ kind, paymentId, cause, todo }) => ({ kind, paymentId, cause, action: todo }))).toEqual(
      told.map(({ kind, paymentId, cause, action }) => ({ kind, paymentId, cause, action })),
    );
    expect(told).toMatchObject([
      { kind: 'PayersConnectorLoses', dfsp: 'dfsp1', paymentId: id, found: expect.stringContaining('-1.23 USD') },
      { kind: 'NotPaidToPayee', dfsp: 'dfsp2', paymentId: id, found: expect.stringContaining('1.23 USD') },
    ]);
    expect(found.filter(({ isOpen }) => isOpen)).toMatchObject([{ kind: 'WindowNotSettled' }]);
  });
});
