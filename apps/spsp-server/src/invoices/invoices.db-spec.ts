import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ALICE, SpspServerTestBed } from '../../test/test-bed.js';

describe('invoices at an SPSP server', () => {
  let bed: SpspServerTestBed;

  beforeAll(async () => {
    bed = await SpspServerTestBed.start();
  });

  beforeEach(() => bed.reset());

  afterAll(() => bed?.stop());

  it('gives invoices under every spelling', async () => {
    bed.peers.on(/^GET \/backend\/invoices\/1$/, { json: { type: 'invoice', invoiceId: '1' } });
    for (const path of ['/v1/invoices/1', '/v1/invoice/1', '/v1/receivers/invoices/1', '/invoice/1']) {
      expect(await bed.ask('GET', path)).toMatchObject({ status: 200, json: { invoiceId: '1' } });
    }
    expect(await bed.ask('GET', '/v1/invoices/2')).toMatchObject({ status: 404, json: { id: 'InvoiceNotFoundError' } });
  });

  it('hands notifications on', async () => {
    bed.peers.on(/^POST \/backend\/invoices$/, {
      status: 201,
      json: { invoiceNotificationId: '1', status: 'pending' },
    });
    const body = { invoiceUrl: 'http://dfsp1.test/v1/invoices/1', senderIdentifier: ALICE, memo: 'Lunch' };
    for (const path of ['/v1/invoices', '/receiver/invoice', '/receiver/invoice/']) {
      expect([path, (await bed.ask('POST', path, body)).status]).toEqual([path, 201]);
    }
    expect((await bed.ask('POST', '/v1/invoices', { ...body, invoiceUrl: 'x' })).status).toBe(400);
  });
});
