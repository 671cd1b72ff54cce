import { expect } from '@jest/globals';
import { parseAmount } from '@level-one/money';
import { eventually } from '@level-one/testing';
import { DataSource } from 'typeorm';
import { credentialsFor } from '../../src/plan/credentials.js';
import type { DfspName } from '../../src/plan/topology.js';
import type { TestNetwork } from './test-network.js';

/** Far longer than any payment takes, and than the pauses between two attempts. */
export const LATEST_MS = 60_000;

function ledgerOf(network: TestNetwork, dfsp: DfspName | null): DataSource {
  return network.running
    .role(dfsp === null ? 'central-ledger' : 'dfsp-ledger', dfsp)
    .app.get(DataSource, { strict: false });
}

/** State by id of every transfer between the DFSPs: on T1's, the central, and T3's ledger. */
export async function transfersOf(network: TestNetwork, dfsp: DfspName | null): Promise<Map<string, string>> {
  const rows: { id: string; state: string }[] = await ledgerOf(network, dfsp).query('SELECT id, state FROM transfers');
  return new Map(rows.map(({ id, state }) => [id, state]));
}

export async function untilNothingIsHeld(network: TestNetwork): Promise<void> {
  await eventually(
    async () => {
      for (const dfsp of ['dfsp1', null, 'dfsp2'] as const) {
        expect(await ledgerOf(network, dfsp).query('SELECT * FROM holds')).toEqual([]);
      }
    },
    { timeoutMs: LATEST_MS, intervalMs: 50 },
  );
}

/** The same notification again is answered with the id of the one that is stored (N27). */
export function notificationOf(
  network: TestNetwork,
  merchant: DfspName,
  client: { number: string; dfsp: DfspName },
  invoiceId: string,
): Promise<string> {
  return eventually(
    async () => {
      const called = { role: 'dfsp-api', dfsp: client.dfsp } as const;
      const answer = await network.ask('dfsp-api', client.dfsp, 'POST /v1/invoices', {
        auth: credentialsFor(network.running.plan, called, 'spsp-backend') ?? null,
        body: {
          invoiceUrl: network.url('spsp-server', merchant, `/v1/invoices/${invoiceId}`),
          senderIdentifier: client.number,
          memo: 'told again',
        },
      });
      expect([answer.status, answer.text]).toEqual([201, answer.text]);
      return answer.body.invoiceNotificationId as string;
    },
    { timeoutMs: LATEST_MS },
  );
}

/** Status of an invoice or of its notification, in one word for both: `pending` is `unpaid`, too. */
export async function statusOf(network: TestNetwork, dfsp: DfspName, path: string): Promise<string> {
  const { body } = await network.ask('dfsp-api', dfsp, `GET /v1/${path}`);
  return body.status === 'unpaid' ? 'pending' : body.status;
}

/** A balance, which may be negative, in minor units. */
export function minorUnits(balance: string | undefined): bigint {
  const text = balance ?? '';
  const magnitude = parseAmount(text.replace('-', ''), { precision: 16, allowZero: true });
  return text.startsWith('-') ? -magnitude : magnitude;
}
