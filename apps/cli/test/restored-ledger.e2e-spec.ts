import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Finding, findDifferences, type Places } from '@level-one/reconciliation';
import { eventually } from '@level-one/testing';
import { Client } from 'pg';
import type { BackupLine } from '../../network/src/backup/backup-file.js';
import { backUpSchema, restoreSchema } from '../../network/src/backup/schema-backup.js';
import { instanceNamed } from '../../network/src/plan/topology.js';
import { ALICE, BOB, DAVE, notifiedInvoice, pay } from '../../network/test/support/people.js';
import { TestNetwork } from '../../network/test/support/test-network.js';
import { placesOfNetwork } from '../src/commands/checks/reconcile-places.js';

const SCHEMA = 'dfsp1_dfsp_ledger';

describe('A ledger that was restored from an older backup', () => {
  let network: TestNetwork;
  let databaseUrl: string;
  let places: Places;

  beforeAll(async () => {
    network = await TestNetwork.start();
    const { plan } = network.running;
    databaseUrl = instanceNamed(plan, 'dfsp1/dfsp-ledger').environment['DATABASE_URL'] ?? '';
    places = placesOfNetwork({ portBase: plan.portBase });
  });
  afterAll(() => network.close());

  async function payInvoice(): Promise<string> {
    const { invoiceNotificationId } = await notifiedInvoice(network);
    const paid = await pay(network, invoiceNotificationId);
    expect([paid.status, paid.text]).toEqual([200, paid.text]);
    return paid.body.paymentId;
  }

  async function payQuote(dfsp: 'dfsp1' | 'dfsp2', source: string, account: string): Promise<string> {
    const paymentId = randomUUID();
    const order = { paymentId, amount: '2.00', amountType: 'SEND', destinationIdentifier: DAVE };
    const body = { ...order, sourceIdentifier: source, sourceAccount: account };
    const quoted = await network.ask('dfsp-api', dfsp, 'POST /v1/quote', { body });
    expect([quoted.status, quoted.text]).toEqual([201, quoted.text]);
    const paid = await network.ask('dfsp-api', dfsp, 'POST /v1/transfer', { body: { paymentId } });
    expect([paid.status, paid.text]).toEqual([201, paid.text]);
    return paymentId;
  }

  async function backUp(): Promise<BackupLine[]> {
    const lines: BackupLine[] = [];
    for await (const line of backUpSchema(databaseUrl, SCHEMA)) lines.push(line);
    return lines;
  }

  async function* read(lines: readonly BackupLine[]): AsyncGenerator<BackupLine> {
    yield* lines;
  }

  async function restore(lines: readonly BackupLine[]): Promise<void> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(`DROP SCHEMA ${SCHEMA} CASCADE`);
    await client.end();
    await restoreSchema(databaseUrl, SCHEMA, read(lines));
  }

  async function differences(at: Places): Promise<Finding[]> {
    const found: Finding[] = [];
    for await (const one of findDifferences(at, { from: undefined, tell: () => undefined })) {
      if (!one.isOpen) found.push(one);
    }
    return found;
  }

  const kindsOf = (found: readonly Finding[], paymentId: string): string[] =>
    found.flatMap((one) => (one.paymentId === paymentId ? `${one.dfsp} ${one.kind}` : [])).toSorted();

  it('lacks payments that reconciliation names, each with cause and action, at this DFSP alone and no others', async () => {
    const kept = await payInvoice();
    const backup = await backUp();
    const lost = {
      paid: await payInvoice(),
      received: await payQuote('dfsp2', BOB, 'bob'),
      inside: await payQuote('dfsp1', ALICE, 'alice'),
    };
    await eventually(async () => expect(await differences(places)).toEqual([]));

    await network.running.restart('dfsp-ledger', 'dfsp1', () => restore(backup));
    const found = await differences(places);
    expect(kindsOf(found, kept)).toEqual([]);
    expect(kindsOf(found, lost.paid)).toEqual(['dfsp1 PayersConnectorLoses', 'dfsp1 PaymentWithoutTransfer']);
    expect(kindsOf(found, lost.received)).toEqual(['dfsp1 NotPaidToPayee', 'dfsp1 PaymentWithoutTransfer']);
    expect(kindsOf(found, lost.inside)).toEqual(['dfsp1 PaymentWithoutTransfer', 'dfsp1 PaymentWithoutTransfer']);
    const ids = new Set<unknown>(Object.values(lost));
    expect(found.filter(({ paymentId }) => !ids.has(paymentId))).toEqual([]);
    for (const { cause, action } of found) {
      expect(cause).toContain('restored from a backup');
      expect(action).toContain('docs/backup.md#after-a-restore');
    }

    // Each DFSP by what it may read itself: no ledger's administrator, nothing of the other one.
    const [dfsp1, dfsp2] = places.dfsps;
    const kinds = (findings: readonly Finding[]): string[] => findings.map((one) => one.kind).toSorted();
    expect(kinds(await differences({ dfsps: [dfsp1!], ledgers: [] }))).toEqual(kinds(found));
    expect(await differences({ dfsps: [dfsp2!], ledgers: [] })).toEqual([]);
  });
});
