import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { conditionOf, fulfills, parseCondition, parseFulfillment, readIpr } from '@level-one/ilp';
import type { IprReplyDto } from '@level-one/peers';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { ALICE, SpspServerTestBed } from '../../test/test-bed.js';
import { IssuedPaymentsRepository } from '../issuing/store/issued-payments.repository.js';

const DATA = { payer: { identifier: ALICE, identifierType: 'eur' }, currency: 'USD' };

describe('a payment request whose row is missing', () => {
  let bed: SpspServerTestBed;

  beforeAll(async () => {
    bed = await SpspServerTestBed.start();
  });

  beforeEach(() => {
    bed.reset();
    bed.peers.on(/^POST \/scheme\/notifications$/, { json: { status: 'prepared', data: {} } });
  });

  afterAll(() => bed?.stop());

  const repository = () => bed.server.app.get(IssuedPaymentsRepository, { strict: false });
  const asked = () => bed.peers.callsTo(/\/scheme\/notifications$/).map(({ body }) => body);
  const rowsOf = async (id: string): Promise<object[]> =>
    bed.server.app
      .get(DataSource, { strict: false })
      .query('SELECT outcome, told_at AS "toldAt", ipr FROM issued_payments WHERE payment_id = $1', [id]);

  function bodyFor(changes: Record<string, unknown> = {}) {
    return {
      paymentId: randomUUID(),
      destinationAccount: `${bed.peers.url}/ledger/accounts/bob`,
      destinationAmount: '10.40',
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
      data: DATA,
      ...changes,
    };
  }

  async function newRequest(body = bodyFor()): Promise<string> {
    const answer = await bed.ask('POST', '/v1/createIPR', body);
    expect(answer.status).toBe(200);
    return answer.json.ipr;
  }

  /** T3 of a payment request. */
  function transferOf(ipr: string, changes: Record<string, unknown> = {}) {
    const { paymentId, packet, condition } = readIpr(ipr);
    const as = { id: paymentId, amount: '10.40', additionalHeaders: packet, condition } as IprReplyDto;
    return bed.transferOf(as, changes);
  }

  /** The server was killed before it wrote what it had issued. */
  async function killServer(ipr: string): Promise<void> {
    await bed.server.close();
    const database = await new DataSource({ type: 'postgres', url: bed.database.url }).initialize();
    await database.query('DELETE FROM spsp_server.issued_payments WHERE payment_id = $1', [readIpr(ipr).paymentId]);
    await database.destroy();
    bed.server = await bed.startServer();
  }

  it('is paid all the same, and kept with its end', async () => {
    const ipr = await newRequest();
    const { paymentId, condition } = readIpr(ipr);
    await killServer(ipr);
    bed.peers.sendEvent('transfer.create', transferOf(ipr));
    const fulfillment = await bed.fulfilmentOf(paymentId);
    expect(fulfills(parseCondition(condition), parseFulfillment(fulfillment))).toBe(true);
    bed.peers.sendEvent('transfer.update', transferOf(ipr, { state: 'executed' }), {
      execution_condition_fulfillment: fulfillment,
    });
    await eventually(async () =>
      expect(await rowsOf(paymentId)).toEqual([{ outcome: 'executed', toldAt: expect.any(Date), ipr }]),
    );
    const question = { paymentId, transferId: paymentId, ipr, destinationAmount: '10.40', data: DATA };
    expect(asked()).toMatchObject([
      { ...question, status: 'prepared' },
      { ...question, status: 'executed' },
    ]);
  });

  it('is told its end, also if nothing else was heard of it', async () => {
    const ipr = await newRequest();
    const { paymentId } = readIpr(ipr);
    await killServer(ipr);
    bed.peers.sendEvent('transfer.update', transferOf(ipr, { state: 'rejected', rejection_reason: 'expired' }));
    await eventually(async () => expect(await rowsOf(paymentId)).toMatchObject([{ outcome: 'expired' }]));
    expect(asked()).toMatchObject([{ paymentId, status: 'expired' }]);
  });

  it('is told its end long after its expiry, for as long as ends are kept', async () => {
    const expiresAt = new Date(Date.now() + 1_000).toISOString();
    const ipr = await newRequest(bodyFor({ expiresAt }));
    await killServer(ipr);
    const { paymentId } = readIpr(ipr);
    const now = jest.spyOn(Date, 'now').mockImplementation(() => new Date().getTime() + 2 * 60 * 60_000);
    bed.peers.sendEvent('transfer.update', transferOf(ipr, { state: 'executed' }));
    await eventually(async () => expect(await rowsOf(paymentId)).toMatchObject([{ outcome: 'executed' }]));
    now.mockRestore();
  });

  it('has the same bytes when it is asked for again, and no other content', async () => {
    const body = bodyFor();
    const ipr = await newRequest(body);
    await killServer(ipr);
    expect(await newRequest(body)).toBe(ipr);
    expect(await bed.ask('POST', '/v1/createIPR', { ...body, destinationAmount: '9.00' })).toMatchObject({
      status: 422,
      json: { id: 'AlreadyExistsError' },
    });
  });

  it('is not known by a transfer that only carries its packet', async () => {
    const ipr = await newRequest();
    const { paymentId } = readIpr(ipr);
    await killServer(ipr);
    const refusal = { id: 'QuoteNotFoundError', message: 'no' };
    bed.peers.on(/^POST \/scheme\/notifications$/, { status: 404, json: refusal });
    bed.peers.sendEvent('transfer.create', transferOf(ipr, { execution_condition: conditionOf(Buffer.alloc(32, 7)) }));
    expect(await bed.rejectionOf(paymentId)).toMatchObject({ code: 'F06' });
    expect(await repository().findPayment(paymentId)).toBeNull();
  });

  it('is told to the DFSP where a transfer of another id carries it', async () => {
    const ipr = await newRequest();
    await killServer(ipr);
    const used = { id: 'QuoteUsedError', message: 'The quote is used' };
    bed.peers.on(/^POST \/scheme\/notifications$/, { status: 422, json: used });
    const id = randomUUID();
    bed.peers.sendEvent('transfer.create', transferOf(ipr, { id: `${bed.peers.url}/ledger/transfers/${id}` }));
    expect(await bed.rejectionOf(id)).toMatchObject({ code: 'F06', additional_info: used });
    expect(asked()).toMatchObject([{ status: 'proposed', paymentId: readIpr(ipr).paymentId, transferId: id }]);
  });

  it('is refused for another account or amount than was asked for', async () => {
    const [dear, strange] = [await newRequest(), await newRequest()];
    await killServer(dear);
    await killServer(strange);
    const credit = transferOf(dear).credits[0]!;
    bed.peers.on(/^POST \/scheme\/notifications$/, {
      status: 422,
      json: { id: 'QuoteMismatchError', message: 'no', params: [{ field: 'amount' }] },
    });
    bed.peers.sendEvent('transfer.create', transferOf(dear, { credits: [{ ...credit, amount: '10.41' }] }));
    const toEve = { ...transferOf(strange).credits[0]!, account: `${bed.peers.url}/ledger/accounts/eve` };
    bed.peers.sendEvent('transfer.create', transferOf(strange, { credits: [toEve] }));
    expect(await bed.rejectionOf(readIpr(dear).paymentId)).toMatchObject({ code: 'F03' });
    await bed.rejectionOf(readIpr(strange).paymentId);
    expect(bed.callsOf(readIpr(strange).paymentId, 'fulfillment')).toEqual([]);
  });
});
