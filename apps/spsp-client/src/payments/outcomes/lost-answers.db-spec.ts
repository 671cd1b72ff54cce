import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { DataSource } from 'typeorm';
import { FULFILLMENT, SpspClientTestBed } from '../../../test/test-bed.js';

describe('a payment of an SPSP client, when answers or events are lost', () => {
  let bed: SpspClientTestBed;

  beforeAll(async () => {
    bed = await SpspClientTestBed.start();
  });

  beforeEach(() => bed.reset());

  afterAll(() => bed?.stop());

  it('asks the ledger after an answer that never came, and does not pay twice', async () => {
    const setup = await bed.newSetup();
    bed.peers.on(/^PUT \/ledger\/transfers\/[^/]+$/, ({ body }) => {
      bed.ledger.set(setup['id'], { ...body, state: 'executed' });
      return { status: 500 };
    });
    expect(await bed.pay(setup)).toMatchObject({ status: 201, json: { status: 'executed', fulfillment: FULFILLMENT } });
    expect(bed.sent(setup['id'])).toHaveLength(1);
  });

  it('answers 502 while the ledger is down, and ends the payment later', async () => {
    const setup = await bed.newSetup();
    bed.peers.on(/^(PUT|GET) \/ledger\/transfers\/[^/]+$/, { status: 503 });
    expect(await bed.pay(setup)).toMatchObject({ status: 502, json: { id: 'ExternalError' } });
    expect((await bed.ask('GET', `/v1/payments/${setup['id']}`)).json).toMatchObject({ status: 'pending' });
    bed.peers.on(/^GET \/ledger\/transfers\/[^/]+$/, { status: 404, json: { id: 'NotFoundError', message: 'no' } });
    // Its time is over, and so is the pause before the next look.
    await bed.rows(
      `UPDATE payments SET check_at = now(), expires_at = now() - interval '6 s' WHERE id = '${setup['id']}'`,
    );
    await eventually(async () =>
      expect((await bed.ask('GET', `/v1/payments/${setup['id']}`)).json).toMatchObject({ status: 'expired' }),
    );
  });

  it('finds out by itself what no event told', async () => {
    const setup = await bed.newSetup();
    const answer = bed.pay(setup);
    await bed.prepared(setup['id']);
    bed.ledger.set(setup['id'], { ...bed.ledger.get(setup['id']), state: 'executed' });
    await bed.rows(`UPDATE payments SET check_at = now() WHERE id = '${setup['id']}'`);
    expect(await answer).toMatchObject({ status: 201, json: { status: 'executed', fulfillment: FULFILLMENT } });
  });

  it('does not take another transfer under its id for its own', async () => {
    const setup = await bed.newSetup();
    const answer = bed.pay(setup);
    await bed.prepared(setup['id']);
    const own = bed.ledger.get(setup['id'])!;
    bed.peers.sendEvent('transfer.update', { ...own, state: 'executed', execution_condition: 'ni:other' }, {});
    bed.settle(setup['id'], { state: 'rejected', rejection_reason: 'no' });
    expect(await answer).toMatchObject({ status: 201, json: { status: 'rejected' } });
  });

  it('takes over a payment that died before it was sent', async () => {
    const setup = await bed.newSetup();
    bed.peers.on(/^PUT \/ledger\/transfers\/[^/]+$/, { status: 503 });
    expect((await bed.pay(setup)).status).toBe(502);
    await bed.rows(`UPDATE payments SET created_at = now() - interval '1 minute' WHERE id = '${setup['id']}'`);
    bed.peers.on(/^PUT \/ledger\/transfers\/[^/]+$/, ({ body }) => {
      bed.ledger.set(setup['id'], { ...body, state: 'executed' });
      return { status: 201, json: bed.ledger.get(setup['id']) };
    });
    expect(await bed.pay(setup)).toMatchObject({ status: 200, json: { status: 'executed' } });
  });

  it('answers pending when it takes too long, hears of the end after a restart, and tells it then', async () => {
    await bed.client.close();
    bed.client = await bed.startClient({ waitMs: 50 });
    const setup = await bed.newSetup();
    expect(await bed.pay(setup)).toMatchObject({ status: 201, json: { status: 'pending' } });
    await bed.client.close();
    bed.execute(setup['id']);
    bed.client = await bed.startClient();
    await eventually(async () =>
      expect((await bed.ask('GET', `/v1/payments/${setup['id']}`)).json).toMatchObject({
        status: 'executed',
        fulfillment: FULFILLMENT,
      }),
    );
  });

  it('changes nothing when it hears everything again after a crash', async () => {
    const [paid, refused] = [await bed.newSetup(), await bed.newSetup()];
    const answers = [bed.pay(paid), bed.pay(refused)];
    await Promise.all([bed.prepared(paid['id']), bed.prepared(refused['id'])]);
    bed.execute(paid['id']);
    bed.settle(refused['id'], { state: 'rejected', rejection_reason: 'no' });
    await Promise.all(answers);
    const ends = () => bed.rows('SELECT id, status, fulfillment, rejection_message FROM payments ORDER BY id');
    await eventually(async () => expect((await ends()).filter(({ status }) => status === 'pending')).toEqual([]));
    const before = await ends();
    const sent = bed.sent(paid['id']).length;
    await bed.client.close();
    await forgetCursors(bed.database.url);
    bed.client = await bed.startClient();
    const after = await bed.newSetup();
    const last = bed.pay(after);
    await bed.prepared(after['id']);
    bed.execute(after['id']);
    expect(await last).toMatchObject({ status: 201, json: { status: 'executed' } });
    expect((await ends()).filter(({ id }) => id !== after['id'])).toEqual(before);
    expect(bed.sent(paid['id'])).toHaveLength(sent);
  });
});

/** As if the role had crashed before it wrote its position in the ledger's log. */
async function forgetCursors(databaseUrl: string): Promise<void> {
  const database = await new DataSource({ type: 'postgres', url: databaseUrl }).initialize();
  await database.query('DELETE FROM spsp_client.subscription_cursors');
  await database.destroy();
}
