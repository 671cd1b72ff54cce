import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Retention } from '@level-one/work';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { SetupsRepository } from './setups.repository.js';
import { ALICE, INVOICE, iprReply, SpspClientTestBed } from '../../test/test-bed.js';

describe('a setup of an SPSP client', () => {
  let bed: SpspClientTestBed;

  beforeAll(async () => {
    bed = await SpspClientTestBed.start();
  });

  beforeEach(() => bed.reset());

  afterAll(() => bed?.stop());

  it('gives the same answer again, whether the payee can still be asked or not', async () => {
    const paymentId = randomUUID();
    const first = await bed.ask('POST', '/v1/setup', bed.request({ paymentId, memo: 'Lunch' }));
    expect(first.status).toBe(201);
    expect(bed.peers.callsTo(/setup/)[0]!.body).toEqual({
      receiver: bed.receiverUrl,
      amount: '10.40',
      senderIdentifier: ALICE,
      memo: 'Lunch',
      paymentId,
    });
    bed.peers.on(/^POST \/v1\/setup$/, { status: 503 });
    const again = await bed.ask('POST', '/v1/setup', bed.request({ paymentId, memo: 'Lunch' }));
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(bed.peers.callsTo(/setup/)).toHaveLength(2);
    expect(await bed.ask('POST', '/v1/setup', bed.request({ paymentId }))).toMatchObject({
      status: 422,
      json: { id: 'AlreadyExistsError' },
    });
  });

  it('is forgotten after RETENTION_DAYS, unless its payment is open', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    for (const paymentId of ids) await bed.ask('POST', '/v1/setup', bed.request({ paymentId }));
    const [old, open, recent] = ids;
    const database = bed.client.app.get(DataSource, { strict: false });
    await bed.client.app.get(SetupsRepository, { strict: false }).beforeApplicationShutdown();
    await database.query(`UPDATE setups SET created_at = now() - interval '91 days' WHERE payment_id <> $1`, [recent]);
    await database.query(
      `INSERT INTO payments (id, fingerprint, details, transfer, expires_at, status, created_at, check_at)
       VALUES ($1, '', '{}', '{}', now(), 'pending', now(), now() + interval '1 day')`,
      [open],
    );
    await bed.client.app.get(Retention, { strict: false }).deleteOld();
    const kept = await database.query('SELECT payment_id AS id FROM setups WHERE payment_id = ANY ($1)', [ids]);
    expect(new Set(kept.map(({ id }: { id: string }) => id))).toEqual(new Set([open, recent]));
    expect(kept).not.toContain(old);
    await database.query('DELETE FROM payments WHERE id = $1', [open]);
  });

  it('is known before it is written, and afterwards', async () => {
    const setups = await Promise.all([0, 1, 2].map(() => bed.newSetup()));
    const ids = setups.map(({ id }) => id);
    const repository = bed.client.app.get(SetupsRepository, { strict: false });
    expect(await Promise.all(ids.map((id) => repository.findSetup(id)))).toMatchObject(
      setups.map((response) => ({ response })),
    );
    await repository.beforeApplicationShutdown();
    expect(await repository.findSetup(ids[0])).toMatchObject({ response: setups[0] });
  });

  it('gives one answer to requests at the same time', async () => {
    const paymentId = randomUUID();
    const answers = await Promise.all([0, 1, 2].map(() => bed.ask('POST', '/v1/setup', bed.request({ paymentId }))));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  });

  it('N40: knows the amount of an invoice before the payee keeps it for the payment', async () => {
    bed.peers.on(/^GET \/v1\/invoices\/1$/, { json: INVOICE });
    const invoice = { receiver: `${bed.peers.url}/v1/invoices/1` };
    expect(await bed.ask('POST', '/v1/setup', bed.request({ ...invoice, destinationAmount: '9.00' }))).toMatchObject({
      status: 422,
      json: { id: 'UnprocessableEntityError' },
    });
    expect(bed.peers.callsTo(/setup/)).toEqual([]);
    await bed.newSetup(invoice);
    await bed.newSetup({ ...invoice, destinationAmount: undefined });
    expect(bed.peers.callsTo(/setup/)[1]!.body).not.toHaveProperty('amount');
  });

  it('asks no connector inside the own DFSP', async () => {
    bed.peers.on(/^POST \/v1\/setup$/, ({ body }) => ({ status: 201, json: iprReply(body, 'dfsp1') }));
    expect(await bed.newSetup()).toMatchObject({ sourceAmount: '10.40' });
    expect(bed.peers.callsTo(/quote/)).toEqual([]);
  });

  it('refuses an answer that wants another amount', async () => {
    bed.peers.on(/^POST \/v1\/setup$/, ({ body }) => ({ status: 201, json: iprReply({ ...body, amount: '99.00' }) }));
    expect(await bed.ask('POST', '/v1/setup', bed.request())).toMatchObject({
      status: 502,
      json: { id: 'ExternalError' },
    });
  });
});
