import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ALICE, INVOICE, RECEIVER, SpspClientTestBed } from '../../test/test-bed.js';

describe('what an SPSP client asks other DFSPs', () => {
  let bed: SpspClientTestBed;

  beforeAll(async () => {
    bed = await SpspClientTestBed.start();
  });

  beforeEach(() => bed.reset());

  afterAll(() => bed?.stop());

  it('asks the SPSP server, and relays what it says', async () => {
    bed.peers.on(/^GET \/v1\/receivers\/1$/, { json: RECEIVER });
    bed.peers.on(/^GET \/v1\/receivers\/2$/, { status: 404, json: { id: 'NotFoundError', message: 'nobody' } });
    bed.peers.on(/^GET \/v1\/receivers\/3$/, { status: 500, json: { id: 'Error', message: 'stack' } });
    bed.peers.on(/^GET \/v1\/invoices\/1$/, { json: INVOICE });
    const query = (path: string) => bed.ask('GET', `/v1/query?receiver=${encodeURIComponent(bed.peers.url + path)}`);
    expect(await query('/v1/receivers/1')).toMatchObject({ status: 200, json: { name: 'Bob' } });
    expect(await query('/v1/invoices/1')).toMatchObject({ status: 200, json: { invoiceId: '1' } });
    expect(await query('/v1/receivers/2')).toMatchObject({ status: 404, json: { id: 'InvalidReceiverIdError' } });
    expect(await query('/v1/invoices/2')).toMatchObject({ status: 404, json: { id: 'InvoiceNotFoundError' } });
    expect(await query('/v1/receivers/3')).toMatchObject({ status: 502, json: { id: 'ExternalError' } });
  });

  it('delivers notifications', async () => {
    bed.peers.on(/^POST \/v1\/invoices$/, { status: 201, json: { invoiceNotificationId: '1', status: 'pending' } });
    const body = {
      invoiceId: '1',
      invoiceUrl: 'http://dfsp1.test/v1/invoices/1',
      submissionUrl: `${bed.peers.url}/v1/invoices`,
      senderIdentifier: ALICE,
      memo: 'Lunch',
    };
    expect(await bed.ask('POST', '/v1/invoices', body)).toMatchObject({ status: 201, json: { status: 'pending' } });
    const { invoiceUrl, senderIdentifier, memo } = body;
    expect(bed.peers.callsTo(/^POST \/v1\/invoices$/)[0]!.body).toEqual({ invoiceUrl, senderIdentifier, memo });
    expect((await bed.ask('POST', '/v1/invoices', { ...body, invoiceUrl: undefined })).status).toBe(400);
  });

  it('quotes for a receiver, with the ILP address that follows from its account', async () => {
    bed.peers.on(/^GET \/v1\/receivers\/1$/, { json: RECEIVER });
    const where = `receiver=${encodeURIComponent(`${bed.peers.url}/v1/receivers/1`)}`;
    expect((await bed.ask('GET', `/v1/quoteSourceAmount?${where}&sourceAmount=10`)).json).toEqual({
      destinationAmount: '10.00',
    });
    // field A: decimals that are asked for.
    const inWhole = await bed.ask('GET', `/v1/quoteSourceAmount?${where}&sourceAmount=10&destinationScale=0`);
    expect(inWhole.json).toEqual({ destinationAmount: '10' });
    expect((await bed.ask('GET', `/quoteDestinationAmount?${where}&destinationAmount=10`)).json).toEqual({
      sourceAmount: '10.00',
    });
    expect(bed.peers.callsTo(/quote/)[0]!.query).toMatchObject({ destination_address: 'levelone.dfsp2.bob' });
    for (const [amount, status, id] of [
      ['', 400, 'NoAmountSpecifiedError'],
      ['0', 400, 'InvalidAmountSpecifiedError'],
      ['NaN', 400, 'InvalidAmountSpecifiedError'],
      ['1.001', 422, 'UnacceptableAmountError'],
    ] as const) {
      const answer = await bed.ask('GET', `/v1/quoteSourceAmount?${where}&sourceAmount=${amount}`);
      expect([amount, answer.status, answer.json['id']]).toEqual([amount, status, id]);
    }
  });
});
