import { describe, expect, it } from '@jest/globals';
import { CONDITION, eventually, FULFILLMENT } from '@level-one/testing';
import { DataSource } from 'typeorm';
import {
  LEDGERS,
  OVERDRAFT,
  database,
  hops,
  clients,
  baseOf,
  startConnector,
  stopConnector,
  prepare,
  untilStates,
  balances,
  UNTOUCHED,
  PAID,
  useConnectors,
} from './ilp-connector.fixture.js';

useConnectors();

describe('two connectors', () => {
  it('carry a hold to the payee and its fulfilment back', async () => {
    const id = await prepare();
    const [t1, t2, t3] = await untilStates(id, 'prepared', 'prepared', 'prepared');
    expect(t2).toMatchObject({
      debits: [
        {
          account: `${baseOf('central')}/accounts/dfsp1`,
          memo: { source_transfer_ledger: 'levelone.dfsp1.', source_transfer_id: id, source_transfer_amount: '10.40' },
        },
      ],
      credits: [{ account: `${baseOf('central')}/accounts/dfsp2`, memo: t1!.credits[0]!.memo }],
      execution_condition: CONDITION,
    });
    expect(t3).toMatchObject({
      debits: [{ memo: { source_transfer_ledger: 'levelone.ist.', source_transfer_id: id } }],
      credits: [{ account: `${baseOf('dfsp2')}/accounts/bob`, amount: '10.40', memo: t1!.credits[0]!.memo }],
    });
    const [first, second, third] = [t1, t2, t3].map((transfer) => Date.parse(transfer!.expires_at!));
    expect([first! - second!, second! - third!]).toEqual([1_000, 1_000]);

    await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
    await untilStates(id, 'executed', 'executed', 'executed');
    expect(await balances()).toEqual(PAID);
    for (const name of LEDGERS) expect(await clients[name].fulfillment(id)).toBe(FULFILLMENT);
    await eventually(() => expect(hops.some((hop) => hop.traceId === id && hop.hop === 'V.H')).toBe(true));
    const seen = hops.filter((hop) => hop.traceId === id && !hop.hop.startsWith('support-')).map((hop) => hop.hop);
    expect(seen.toSorted()).toEqual(
      ['P.F', 'P.G1', 'P.G2', 'P.G2', 'P.H', 'P.J', 'V.C', 'V.D', 'V.E', 'V.E', 'V.F', 'V.H'].toSorted(),
    );
  });

  it("carry the payee's rejection back as it is (N45)", async () => {
    const id = await prepare();
    await untilStates(id, 'prepared', 'prepared', 'prepared');
    const reason = {
      code: 'F99',
      name: 'Application Error',
      message: 'Invoice is not in pending status',
      triggered_by: 'levelone.dfsp2.bob',
      additional_info: { id: 'InvoiceNotPendingError' },
    };
    await clients.dfsp2.reject('R1', id, reason);
    const rejected = await untilStates(id, 'rejected', 'rejected', 'rejected');
    expect(rejected.map((transfer) => transfer?.credits[0]?.rejection_message)).toEqual([reason, reason, reason]);
    expect(await balances()).toEqual(UNTOUCHED);
  });

  it.each([
    ['less than the packet promises', { packetAmount: 1_041n }, 'F03', 'UnacceptableRateError'],
    ['no readable packet', { packet: 'AAAA' }, 'F01', 'InvalidPacketError'],
    ['an address nobody has a route to', { address: 'levelone.dfsp3.erin' }, 'F02', 'AssetsNotTradedError'],
    ['an expiry that is too near', { lifetimeMs: 900 }, 'R02', 'UnacceptableExpiryError'],
    ['an expiry that is too far', { lifetimeMs: 120_000 }, 'F00', 'UnacceptableExpiryError'],
  ])('reject T1 at once for %s', async (_, payment, code, errorId) => {
    const id = await prepare(payment);
    const [t1] = await untilStates(id, 'rejected', undefined, undefined);
    expect(t1?.credits[0]?.rejection_message).toMatchObject({
      code,
      triggered_by: 'levelone.dfsp1.dfsp1-testconnector',
      additional_info: { id: errorId },
    });
    expect(await balances()).toEqual(UNTOUCHED);
  });

  it('reject T1 when the centre refuses T2 (N47)', async () => {
    await clients.central.putAccount('dfsp1', { minimum_allowed_balance: '0.00' });
    const id = await prepare();
    const [t1] = await untilStates(id, 'rejected', undefined, undefined);
    expect(t1?.credits[0]?.rejection_message).toMatchObject({
      code: 'T04',
      message: 'destination transfer failed: Sender has insufficient funds.',
      additional_info: { id: 'InsufficientFundsError', message: 'Sender has insufficient funds. Account `dfsp1`' },
    });
    expect(await balances()).toEqual(UNTOUCHED);
  });

  it('reject T2 and T1 when the ledger of the payee refuses T3 (N46)', async () => {
    await clients.dfsp2.putAccount('bob', { is_disabled: true });
    const id = await prepare();
    const [t1, t2] = await untilStates(id, 'rejected', 'rejected', undefined);
    expect(t1?.rejection_reason).toMatch(/^destination transfer failed: /);
    expect(t1?.credits[0]?.rejection_message).toEqual(t2?.credits[0]?.rejection_message);
    expect(await balances()).toEqual(UNTOUCHED);
  });

  it('let each ledger expire its own transfer, the last one first (N48)', async () => {
    const id = await prepare({ lifetimeMs: 6_000 });
    const [t1, t2, t3] = await untilStates(id, 'rejected', 'rejected', 'rejected');
    expect([t1, t2, t3].map((transfer) => transfer?.rejection_reason)).toEqual(['expired', 'expired', 'expired']);
    const expiries = [t3, t2, t1].map((transfer) => Date.parse(transfer!.expires_at!));
    expect(expiries[1]! - expiries[0]!).toBeGreaterThanOrEqual(1_000);
    expect(expiries[2]! - expiries[1]!).toBeGreaterThanOrEqual(1_000);
    // Each ledger looks at its own clock: how soon after its time it sees an expiry depends on the machine.
    for (const [index, transfer] of [t3, t2, t1].entries()) {
      expect(Date.parse(transfer!.timeline!['rejected_at']!)).toBeGreaterThanOrEqual(expiries[index]!);
    }
    expect(await balances()).toEqual(UNTOUCHED);
  });

  it('make no second transfer and no second payment when told everything again (N51)', async () => {
    await clients.central.putAccount('dfsp1', { minimum_allowed_balance: '0.00' });
    const refused = await prepare();
    await untilStates(refused, 'rejected', undefined, undefined);
    await clients.central.putAccount('dfsp1', { minimum_allowed_balance: OVERDRAFT });
    const paid = await prepare();
    await untilStates(paid, 'prepared', 'prepared', 'prepared');
    await clients.dfsp2.fulfil('V.A', paid, FULFILLMENT);
    await untilStates(paid, 'executed', 'executed', 'executed');
    await stopConnector('dfsp1');
    await stopConnector('dfsp2');
    const memory = new DataSource({ type: 'postgres', url: database.url });
    await memory.initialize();
    for (const dfsp of ['dfsp1', 'dfsp2']) await memory.query(`DELETE FROM ${dfsp}_connector.subscription_cursors`);
    await memory.destroy();
    await startConnector('dfsp1');
    await startConnector('dfsp2');
    const another = await prepare();
    await untilStates(another, 'prepared', 'prepared', 'prepared');
    await clients.dfsp2.fulfil('V.A', another, FULFILLMENT);
    await untilStates(another, 'executed', 'executed', 'executed');
    await untilStates(paid, 'executed', 'executed', 'executed');
    await untilStates(refused, 'rejected', undefined, undefined);
    expect(await balances()).toMatchObject({ alice: '79.20', bob: '20.80', dfsp1: '-20.80' });
  });
});
