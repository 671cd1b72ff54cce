import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fulfills, parseCondition, parseFulfillment } from '@level-one/ilp';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { ALICE, OWN, SpspServerTestBed } from '../../test/test-bed.js';
import { IssuedPaymentsRepository } from '../issuing/store/issued-payments.repository.js';

describe('a transfer that comes in at an SPSP server', () => {
  let bed: SpspServerTestBed;

  beforeAll(async () => {
    bed = await SpspServerTestBed.start();
  });

  beforeEach(() => bed.reset());

  afterAll(() => bed?.stop());

  it('verifies it, asks its DFSP, fulfils it, and tells that it was executed', async () => {
    const setup = await bed.newSetup({ memo: 'Lunch' });
    bed.peers.sendEvent('transfer.create', bed.transferOf(setup));
    const fulfillment = await bed.fulfilmentOf(setup.id);
    expect(fulfills(parseCondition(setup.condition), parseFulfillment(fulfillment))).toBe(true);
    expect(bed.peers.callsTo(/\/backend\/receivers\/26547070\/payments\//)[0]!.body).toEqual({
      status: 'prepared',
      transferId: setup.id,
      paymentid: setup.id,
      senderIdentifier: ALICE,
      destinationAmount: '10.40',
      memo: 'Lunch',
    });
    bed.peers.sendEvent('transfer.update', bed.transferOf(setup, { state: 'executed' }), {
      execution_condition_fulfillment: fulfillment,
    });
    await eventually(() => expect(bed.told()).toEqual(['prepared', 'executed']));
    await eventually(() =>
      expect(bed.hops.filter((hop) => /^(P|V|row)/.test(hop))).toEqual(
        ['P.J', 'row-34', 'V.A', 'V.C', 'row-34'].map((hop) => `${hop} ${setup.id}`),
      ),
    );
  });

  it('passes the reason of its DFSP on when that refuses', async () => {
    const setup = await bed.newSetup({ receiver: `${OWN}/v1/invoices/12345`, amount: undefined });
    const error = { id: 'InvoiceNotPendingError', message: 'Invoice is not in pending status' };
    bed.peers.on(/^PUT \/backend\/invoices\/12345\/payments\//, { status: 422, json: error });
    bed.peers.sendEvent('transfer.create', bed.transferOf(setup));
    expect(await bed.rejectionOf(setup.id)).toMatchObject({
      code: 'F99',
      name: 'Application Error',
      message: error.message,
      triggered_by: 'levelone.dfsp2.bob',
      additional_info: error,
    });
    expect(bed.callsOf(setup.id, 'fulfillment')).toEqual([]);
  });

  it('rejects what was tampered with, and does not even ask its DFSP', async () => {
    const [setup, other] = [await bed.newSetup(), await bed.newSetup()];
    bed.peers.sendEvent('transfer.create', bed.transferOf(setup, { execution_condition: other.condition }));
    expect(await bed.rejectionOf(setup.id)).toMatchObject({
      code: 'F05',
      additional_info: { id: 'UnmetConditionError' },
    });
    const unknown = Object.assign({}, setup, { id: randomUUID() });
    bed.peers.sendEvent('transfer.create', bed.transferOf(unknown));
    expect(await bed.rejectionOf(unknown.id)).toMatchObject({
      code: 'F06',
      additional_info: { id: 'QuoteNotFoundError' },
    });
    expect(bed.told()).toEqual([]);
  });

  it('asks again while its DFSP is down', async () => {
    const setup = await bed.newSetup();
    let asked = 0;
    bed.peers.on(/^PUT \/backend\/.*\/payments\//, () => ({ status: ++asked < 3 ? 500 : 200 }));
    bed.peers.sendEvent('transfer.create', bed.transferOf(setup));
    await bed.fulfilmentOf(setup.id);
    expect(asked).toBe(3);
  });

  it('rejects with T00 when its DFSP cannot be asked in time', async () => {
    const setup = await bed.newSetup();
    bed.peers.on(/^PUT \/backend\/.*\/payments\//, { status: 500 });
    bed.peers.sendEvent(
      'transfer.create',
      bed.transferOf(setup, { expires_at: new Date(Date.now() + 5_000).toISOString() }),
    );
    expect(await bed.rejectionOf(setup.id)).toMatchObject({ code: 'T00', additional_info: { id: 'ExternalError' } });
  });

  it('leaves alone what is not for its customers, is not conditional, or is over', async () => {
    const setup = await bed.newSetup();
    const credit = bed.transferOf(setup).credits[0]!;
    const toConnector = { ...credit, account: `${bed.peers.url}/ledger/accounts/dfsp2-testconnector` };
    bed.peers.sendEvent('transfer.create', bed.transferOf(setup, { credits: [toConnector] }));
    bed.peers.sendEvent('transfer.create', bed.transferOf(setup, { execution_condition: undefined }));
    bed.peers.sendEvent(
      'transfer.create',
      bed.transferOf(setup, { expires_at: new Date(Date.now() - 1).toISOString() }),
    );
    bed.peers.sendEvent('message.send', { id: '1', data: {} });
    // Events of one transfer are handled in their order.
    bed.peers.sendEvent('transfer.create', bed.transferOf(setup));
    await bed.fulfilmentOf(setup.id);
    expect(bed.callsOf(setup.id, 'rejection')).toEqual([]);
    expect(bed.told()).toEqual(['prepared']);
  });

  it.each([
    ['rejected', 'no'],
    ['expired', 'expired'],
  ])('tells its DFSP once that a payment was %s', async (status, reason) => {
    const setup = await bed.newSetup();
    const update = bed.transferOf(setup, { state: 'rejected', rejection_reason: reason });
    bed.peers.sendEvent('transfer.update', update);
    await eventually(() => expect(bed.told()).toEqual([status]));
    // Heard again, and something that must not follow: nothing happens.
    bed.peers.sendEvent('transfer.update', update);
    bed.peers.sendEvent('transfer.create', bed.transferOf(setup));
    const after = await bed.newSetup();
    bed.peers.sendEvent('transfer.create', bed.transferOf(after));
    await bed.fulfilmentOf(after.id);
    expect(bed.callsOf(setup.id, 'fulfillment')).toEqual([]);
    expect(bed.told()).toEqual([status, 'prepared']);
  });

  it('does not take an executed transfer of somebody else for the payment', async () => {
    const setup = await bed.newSetup();
    bed.peers.sendEvent(
      'transfer.update',
      bed.transferOf(setup, { state: 'executed', credits: [{ ...bed.transferOf(setup).credits[0], amount: '0.01' }] }),
    );
    const after = await bed.newSetup();
    bed.peers.sendEvent('transfer.update', bed.transferOf(after, { state: 'executed' }));
    await eventually(() => expect(bed.told()).toEqual(['executed']));
    expect(bed.peers.callsTo(/\/payments\//)[0]!.body.paymentid).toBe(after.id);
  });

  it('keeps what it could not tell, and tells it later', async () => {
    const setup = await bed.newSetup();
    bed.peers.on(/^PUT \/backend\/.*\/payments\//, { status: 503 });
    bed.peers.sendEvent('transfer.update', bed.transferOf(setup, { state: 'executed' }));
    await eventually(() => expect(bed.told()).toEqual(['executed']));
    const payments = bed.server.app.get(IssuedPaymentsRepository, { strict: false });
    await eventually(async () =>
      expect(await payments.findPayment(setup.id)).toMatchObject({ outcome: 'executed', toldAt: null }),
    );
    bed.peers.on(/^PUT \/backend\/.*\/payments\//, { json: {} });
    // The time for the next attempt has come.
    await bed.server.app
      .get(DataSource, { strict: false })
      .query('UPDATE issued_payments SET tell_after = now() WHERE told_at IS NULL AND outcome IS NOT NULL');
    await eventually(async () => expect((await payments.findPayment(setup.id))?.toldAt).toBeInstanceOf(Date));
    expect(bed.told()).toEqual(['executed', 'executed']);
  });

  it('tells an end again after a crash before it was recorded, and records it then', async () => {
    const [setup, other] = [await bed.newSetup(), await bed.newSetup()];
    const crashing = bed.server.app.get(IssuedPaymentsRepository, { strict: false });
    const record = jest.spyOn(crashing, 'endWithOthers').mockRejectedValue(new Error('crashed'));
    bed.peers.sendEvent('transfer.create', bed.transferOf(setup));
    await bed.fulfilmentOf(setup.id);
    bed.peers.sendEvent('transfer.update', bed.transferOf(setup, { state: 'executed' }));
    await eventually(() => expect(record).toHaveBeenCalled());
    expect(await crashing.findPayment(setup.id)).toMatchObject({ outcome: null, toldAt: null });
    await bed.server.close();
    // A crashed server has not written its cursor. By now DFSP and ledger refuse to take or reject the payment again.
    const database = await new DataSource({ type: 'postgres', url: bed.database.url }).initialize();
    await database.query('DELETE FROM spsp_server.subscription_cursors');
    await database.destroy();
    bed.peers.on(/^PUT \/backend\/.*\/payments\//, ({ body }) =>
      body.status === 'prepared' ? { status: 422, json: { id: 'UnprocessableEntityError', message: 'paid' } } : {},
    );
    bed.peers.on(/^PUT \/ledger\/transfers\/[^/]+\/rejection$/, {
      status: 422,
      json: { id: 'UnprocessableEntityError', message: 'executed' },
    });
    bed.peers.clearCalls();
    bed.server = await bed.startServer();
    const payments = bed.server.app.get(IssuedPaymentsRepository, { strict: false });
    await eventually(async () =>
      expect(await payments.findPayment(setup.id)).toMatchObject({ outcome: 'executed', toldAt: expect.any(Date) }),
    );
    const told = bed.peers.callsTo(/\/payments\//).map(({ body }) => [body.paymentid, body.status]);
    expect(told.filter(([id]) => id === setup.id)).toEqual([
      [setup.id, 'prepared'],
      [setup.id, 'executed'],
    ]);
    expect(await payments.findPayment(other.id)).toMatchObject({ outcome: null });
  });

  it('handles after a restart what it missed', async () => {
    const setup = await bed.newSetup();
    await bed.server.close();
    bed.peers.sendEvent('transfer.create', bed.transferOf(setup));
    bed.server = await bed.startServer();
    expect(await bed.fulfilmentOf(setup.id)).toMatch(/^oCKAI/);
  });
});
