import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOPS } from '@level-one/peers';
import { eventually } from '@level-one/testing';
import type { NetworkHop } from '../../src/pages/hop-log.js';
import { ALICE, CAROL, invoice, notifiedInvoice, pay, pending } from '../support/people.js';
import { TestNetwork } from '../support/test-network.js';

/** What each seed step needs before it can happen; the order between others is free (ruling 1). */
const AFTER: Record<string, string[]> = {
  'I.B': ['I.A'],
  'III.A': ['II', 'I.G'],
  'row-14': ['III.D'],
  'row-16': ['row-15b'],
  'P.A': ['S.A'],
  'P.D': ['P.C'],
  'P.F': ['P.E'],
  'P.G1': ['P.E'],
  'P.G2': ['P.G1'],
  'P.H': ['P.G2'],
  'P.J': ['P.I'],
  'row-34': ['P.I'],
  'V.A': ['row-34'],
  'V.C': ['V.B'],
  'V.D': ['V.B'],
  'V.E': ['V.D'],
  'V.F': ['V.D'],
  'V.H': ['V.G'],
};

const LOOKUP = ['I.A', 'I.B', 'I.C', 'I.D', 'I.E', 'I.F', 'I.G'];
/** The notified DFSP reads the invoice at its issuer before it stores anything. */
const NOTIFY = ['III.A', 'III.B', 'III.C', 'III.D', 'III.E', 'row-14', 'row-14b', 'row-15', 'row-15b', 'row-16'];
const SETUP = ['S.A', 'S.B', 'S.C', 'S.D', 'S.E'];
const PREPARE = ['P.A', 'P.B', 'P.C', 'P.D', 'P.E', 'P.F', 'P.G1', 'P.G2', 'P.H', 'P.I', 'P.J', 'row-34', 'row-35'];
const EXECUTE = ['V.A', 'V.B', 'V.C', 'V.D', 'V.E', 'V.F', 'V.G', 'V.H'];

/** Hops of which each connector gets a frame of its own. */
const BOTH_CONNECTORS = new Set(['P.G2', 'V.E']);
const SIDE: Record<string, string | null> = { payer: 'dfsp1', payee: 'dfsp2', centre: null };

function beginning(hop: NetworkHop): number {
  return Date.parse(hop.at);
}

function seedStepsOf(hops: NetworkHop[]): Set<string> {
  return new Set(hops.map((hop) => hop.hop));
}

describe('Paying an invoice across two DFSPs', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    await network.close();
  });

  it('goes through every hop of the seeds, on the sides that the contract gives them, in causal order', async () => {
    const since = Date.now();
    const { invoiceNotificationId } = await notifiedInvoice(network);
    const before = await network.balances();
    const answer = await pay(network, invoiceNotificationId);
    expect(answer).toMatchObject({ status: 200, body: { invoiceNotificationId, status: 'paid' } });

    const wanted = [...LOOKUP, 'II', ...NOTIFY, ...SETUP, ...PREPARE, ...EXECUTE];
    const hops = await eventually(() => {
      // The set-up of people makes hops, too.
      const seen = network.hops().filter((hop) => beginning(hop) >= since);
      expect([...wanted].filter((id) => !seedStepsOf(seen).has(id))).toEqual([]);
      expect(seen.filter((hop) => hop.hop === 'P.G2')).toHaveLength(2);
      expect(seen.filter((hop) => hop.hop === 'V.E')).toHaveLength(2);
      expect(
        seen
          .filter((hop) => hop.hop === 'V.H')
          .map((hop) => hop.to)
          .toSorted(),
      ).toEqual(['ilp-connector', 'spsp-client', 'spsp-client-proxy']);
      return seen;
    });
    expect(hops.filter((hop) => hop.hop === 'S.F')).toEqual([]);

    for (const hop of hops.filter((one) => wanted.includes(one.hop))) {
      const definition = HOPS.find((one) => one.id === hop.hop)!;
      expect([definition.to].flat()).toContain(hop.to);
      expect(hop.from).toBe(definition.from);
      expect([hop.hop, hop.fromDfsp]).toEqual([hop.hop, SIDE[definition.fromSide]]);
      const reaches = BOTH_CONNECTORS.has(hop.hop) ? ['dfsp1', 'dfsp2'] : [SIDE[definition.toSide]];
      expect(reaches).toContain(hop.toDfsp);
      const isReceived = hop.method === 'WS' || hop.from === 'channel';
      expect(hop.status === null ? null : Math.floor(hop.status / 100)).toBe(isReceived ? null : 2);
    }
    for (const [later, earlier] of Object.entries(AFTER)) {
      const at = (id: string): number => Math.min(...hops.filter((hop) => hop.hop === id).map(beginning));
      for (const cause of earlier) expect([later, at(later) >= at(cause)]).toEqual([later, true]);
    }

    const after = await network.balances();
    expect(before).toMatchObject({ alice: '1000.00', bob: '0.00', connector1: '0.00', central1: '0.00' });
    expect(after).toEqual({
      ...before,
      alice: '989.60',
      connector1: '10.40',
      central1: '-10.40',
      central2: '10.40',
      connector2: '-10.40',
      bob: '10.40',
    });
  });

  it('carries one id through all three ledgers, with expiries that shrink', async () => {
    const { invoiceNotificationId } = await notifiedInvoice(network, { amount: '25.00' });
    await pay(network, invoiceNotificationId);
    const id = network.hops().findLast((hop) => hop.hop === 'P.D')!.traceId;
    const [t1, t2, t3] = await Promise.all([
      network.transfer('dfsp1', id),
      network.transfer(null, id),
      network.transfer('dfsp2', id),
    ]);
    expect([t1, t2, t3].map((transfer) => transfer.body.state)).toEqual(['executed', 'executed', 'executed']);
    expect(new Set([t1, t2, t3].map((transfer) => transfer.body.execution_condition)).size).toBe(1);
    const expiries = [t1, t2, t3].map((transfer) => Date.parse(transfer.body.expires_at));
    expect(expiries[0]! - expiries[1]!).toBe(1_000);
    expect(expiries[1]! - expiries[2]!).toBe(1_000);
    expect(t2.body.credits[0].memo.ilp).toBe(t1.body.credits[0].memo.ilp);
    expect(t3.body.debits[0].memo).toMatchObject({ source_transfer_id: id, source_transfer_amount: '25.00' });
  });

  it('shows the payer whom, how much and at what fee before paying', async () => {
    const { invoiceNotificationId } = await notifiedInvoice(network, { amount: '200.00' });
    const answer = await network.ask('dfsp-api', 'dfsp1', `GET /v1/invoiceNotifications/${invoiceNotificationId}`);
    expect(answer.body).toMatchObject({
      firstName: 'Bob',
      lastName: 'Diaz',
      amount: '200.00',
      currencyCode: 'USD',
      currencySymbol: '$',
      fee: '2.00',
    });
  });

  it('notifies only the primary DFSP of a customer who is known at two', async () => {
    const created = await invoice(network, { identifier: CAROL });
    expect(created.status).toBe(201);
    expect(await pending(network, CAROL, 'dfsp2')).toHaveLength(1);
    const elsewhere = await network.ask('dfsp-api', 'dfsp1', `GET /v1/invoiceNotifications/pending/${CAROL}`);
    expect(elsewhere.body.invoices ?? []).toEqual([]);
    const entries = await network.ask('central-directory', null, `GET /resources?identifier=eur:${CAROL}`, {
      auth: 'dfsp2:dfsp2',
    });
    expect(entries.body).toMatchObject([
      { shortName: 'dfsp2', primary: true, registered: true },
      { shortName: 'dfsp1', primary: false, registered: true },
    ]);
    expect(await pending(network, ALICE)).toEqual(expect.any(Array));
  });
});
