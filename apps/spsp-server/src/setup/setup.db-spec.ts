import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ALICE, BOB, OWN, requestFor, SpspServerTestBed } from '../../test/test-bed.js';

describe('a setup at an SPSP server', () => {
  let bed: SpspServerTestBed;

  beforeAll(async () => {
    bed = await SpspServerTestBed.start();
  });

  beforeEach(() => bed.reset());

  afterAll(() => bed?.stop());

  it('answers a repeated request with the same bytes, and asks its backend again (S.F)', async () => {
    const request = requestFor({ memo: { text: 'Lunch', a: 1 } });
    const first = await bed.ask('POST', '/v1/setup', request);
    const again = await bed.ask('POST', '/v1/setup', { ...request, paymentId: request.paymentId.toUpperCase() });
    expect(first.status).toBe(201);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(bed.peers.callsTo(/setup/).map(({ headers }) => headers['l1p-hop'])).toEqual(['S.D', 'S.F']);
    expect(first.json).toMatchObject({
      id: request.paymentId,
      amount: '10.40',
      data: { sender_identifier: ALICE, senderIdentifier: ALICE, memo: { text: 'Lunch', a: 1 } },
      additional_headers: first.json.additionalHeaders,
      execution_condition: first.json.condition,
      expires_at: first.json.expiresAt,
    });
  });

  it('refuses another request under the same id', async () => {
    const request = requestFor();
    expect((await bed.ask('POST', '/v1/setup', request)).status).toBe(201);
    for (const change of [
      { amount: '10.41' },
      { memo: 'x' },
      { senderIdentifier: '1' },
      { receiver: `${OWN}/v1/receivers/1` },
    ]) {
      expect(await bed.ask('POST', '/v1/setup', { ...request, ...change })).toMatchObject({
        status: 422,
        json: { id: 'AlreadyExistsError' },
      });
    }
    // Numerically the same.
    expect((await bed.ask('POST', '/v1/setup', { ...request, amount: '10.400' })).status).toBe(201);
  });

  it('gives one answer to requests at the same time', async () => {
    const request = requestFor();
    const answers = await Promise.all([0, 1, 2, 3].map(() => bed.ask('POST', '/v1/setup', request)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  });

  it('is also asked at the URL of the receiver or the invoice', async () => {
    const request = requestFor({ receiver: undefined });
    expect(await bed.ask('POST', `/v1/receivers/${BOB}`, request)).toMatchObject({
      status: 201,
      json: { receiver: `${OWN}/v1/receivers/${BOB}` },
    });
    const invoice = { senderIdentifier: ALICE, paymentId: randomUUID() };
    expect(await bed.ask('POST', '/v1/invoices/12345', invoice)).toMatchObject({
      status: 201,
      json: { amount: '10.40' },
    });
    expect(bed.peers.callsTo(/setup/)[1]!.body).toEqual({ ...invoice, invoiceId: '12345' });
  });

  it('relays what the DFSP refuses, with the ids that other DFSPs know', async () => {
    bed.refuse(404, 'UserNotFound');
    expect(await bed.ask('POST', '/v1/setup', requestFor())).toMatchObject({
      status: 404,
      json: { id: 'InvalidReceiverIdError' },
    });
    bed.refuse(422, 'InvoiceNotPendingError');
    const invoice = requestFor({ receiver: `${OWN}/v1/invoices/1`, amount: undefined });
    expect(await bed.ask('POST', '/v1/setup', invoice)).toMatchObject({
      status: 422,
      json: { id: 'InvoiceNotPendingError' },
    });
    bed.refuse(500, 'InternalServerError');
    expect(await bed.ask('POST', '/v1/setup', invoice)).toMatchObject({ status: 502, json: { id: 'ExternalError' } });
    expect((await bed.ask('POST', '/v1/setup', requestFor({ amount: undefined }))).status).toBe(400);
    expect((await bed.ask('POST', '/v1/setup', requestFor({ memo: 7 }))).status).toBe(400);
  });
});
