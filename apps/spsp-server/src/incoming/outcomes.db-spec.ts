import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { IprReplyDto } from '@level-one/peers';
import { basicAuthorization } from '@level-one/platform';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { SpspServerTestBed } from '../../test/test-bed.js';
import { IssuedPaymentsRepository } from '../issuing/store/issued-payments.repository.js';
import { DfspNotifier } from './dfsp-notifier.js';
import { UnendedPaymentKeeper } from './unended-payment-keeper.js';

const OPERATOR = basicAuthorization('olga', 'secret');
const PAYMENTS = /^PUT \/backend\/.*\/payments\//;

describe('K8, K11: how a payment ended', () => {
  let bed: SpspServerTestBed;

  beforeAll(async () => {
    bed = await SpspServerTestBed.start({ operatorCredentials: 'olga:secret' });
  });
  beforeEach(async () => {
    bed.reset();
    await sql('DELETE FROM issued_payments');
  });
  afterAll(() => bed?.stop());

  const sql = (text: string, values: unknown[] = []) =>
    bed.server.app.get(DataSource, { strict: false }).query(text, values);
  const paymentOf = ({ id }: IprReplyDto) =>
    bed.server.app.get(IssuedPaymentsRepository, { strict: false }).findPayment(id);

  async function operator(route: string, authorization = OPERATOR) {
    const [method, url] = route.split(' ') as ['GET' | 'POST', string];
    const answer = await bed.server.app.inject({ method, url, headers: { authorization } });
    return { status: answer.statusCode, json: answer.json() };
  }

  const undelivered = async () => (await operator('GET /v1/undelivered')).json.undelivered;

  /** The DFSP answers so to whatever it is told. */
  const answer = (status: number, id = 'ServiceUnavailableError') =>
    bed.peers.on(PAYMENTS, status === 200 ? { json: {} } : { status, json: { id, message: 'no' } });

  async function tryAgain(times = 1): Promise<void> {
    for (let run = 0; run < times; run++) {
      await sql(`UPDATE issued_payments SET tell_after = now() - interval '1 s' WHERE outcome IS NOT NULL`);
      await bed.server.app.get(DfspNotifier, { strict: false }).lookAfterDue();
    }
  }

  const toldOf = ({ id }: IprReplyDto) =>
    bed.peers.callsTo(PAYMENTS).filter(({ body }) => body.paymentid === id).length;

  async function ended(state = 'rejected'): Promise<IprReplyDto> {
    const setup = await bed.newSetup();
    bed.peers.sendEvent('transfer.update', bed.transferOf(setup, { state, rejection_reason: 'no' }));
    await eventually(async () => expect((await paymentOf(setup))!.tellAttempts).toBeGreaterThan(0));
    return setup;
  }

  it.each([401, 429, 500, 502, 503])(
    'is told however long the DFSP answers %i, also after a restart',
    async (status) => {
      answer(status);
      const setup = await ended();
      await tryAgain(20);
      await bed.server.close();
      bed.server = await bed.startServer();
      await tryAgain();
      expect(await paymentOf(setup)).toMatchObject({ outcome: 'rejected', toldAt: null, givenUpAt: null });
      answer(200);
      await tryAgain();
      expect(await paymentOf(setup)).toMatchObject({ toldAt: expect.any(Date), tellErrorId: null });
      expect(toldOf(setup)).toBeGreaterThanOrEqual(23);
    },
  );

  it('is undeliverable after the deadline or when it is refused, and can be sent again', async () => {
    answer(503);
    const late = await ended();
    expect(await undelivered()).toMatchObject([
      { id: late.id, kind: 'paymentRejected', state: 'waiting', paymentId: late.id, error: 'ExternalError' },
    ]);
    await sql(`UPDATE issued_payments SET tell_until = now() - interval '1 s'`);
    await tryAgain(3);
    expect(toldOf(late)).toBe(2);
    answer(422, 'UnprocessableEntityError');
    const refused = await ended('executed');
    await tryAgain(2);
    expect(toldOf(refused)).toBe(1);
    expect(await undelivered()).toMatchObject([
      { id: late.id, state: 'undeliverable', attempts: 2 },
      { id: refused.id, state: 'undeliverable', kind: 'paymentExecuted', error: 'UnprocessableEntityError' },
    ]);
    expect((await operator('GET /health')).json).toEqual({ status: 'OK', detail: { undeliverable: 2 } });
    answer(503);
    expect((await operator(`POST /v1/undelivered/${late.id}/resend`)).json).toMatchObject({ state: 'waiting' });
    answer(200);
    await tryAgain();
    expect((await operator(`POST /v1/undelivered/${refused.id.toUpperCase()}/resend`)).json).toMatchObject({
      state: 'delivered',
    });
    expect(await undelivered()).toEqual([]);
    for (const unknown of [refused.id, randomUUID(), 'x']) {
      expect((await operator(`POST /v1/undelivered/${unknown}/resend`)).status).toBe(404);
    }
  });

  it('can be told again, all that was given up at once', async () => {
    answer(422, 'UnprocessableEntityError');
    await ended('executed');
    await ended('executed');
    await tryAgain();
    expect(await undelivered()).toMatchObject([{ state: 'undeliverable' }, { state: 'undeliverable' }]);
    answer(200);
    expect((await operator('POST /v1/undelivered/resend?limit=1')).json).toEqual({ resent: 1, undeliverable: 1 });
    expect((await operator('POST /v1/undelivered/resend')).json).toEqual({ resent: 1, undeliverable: 0 });
    await tryAgain();
    expect(await undelivered()).toEqual([]);
  });

  it('is shown to operators only', async () => {
    const role = basicAuthorization('scheme-adapter', 'the-adapter');
    expect((await operator('GET /v1/undelivered', role)).status).toBe(403);
    expect((await operator('GET /v1/undelivered', basicAuthorization('olga', 'wrong'))).status).toBe(401);
  });

  describe('is learned from the ledger if no event tells it', () => {
    const ask = () => bed.server.app.get(UnendedPaymentKeeper, { strict: false }).lookAfterDue();

    async function expired({ agoS = 120 } = {}): Promise<IprReplyDto> {
      const setup = await bed.newSetup();
      await sql(`UPDATE issued_payments SET expires_at = now() - $2::int * interval '1 s' WHERE payment_id = $1`, [
        setup.id,
        agoS,
      ]);
      return setup;
    }

    const ledgerHas = (setup: IprReplyDto, answered: object) =>
      bed.peers.on(new RegExp(`^GET /ledger/transfers/${setup.id}$`), answered);

    it.each([
      ['executed', { state: 'executed' }],
      ['rejected', { state: 'rejected', rejection_reason: 'cancelled' }],
      ['expired', { state: 'rejected', rejection_reason: 'expired' }],
    ])('%s', async (outcome, changes) => {
      const setup = await expired();
      ledgerHas(setup, { json: bed.transferOf(setup, changes) });
      await ask();
      expect(await paymentOf(setup)).toMatchObject({ outcome, toldAt: expect.any(Date) });
      expect(bed.told()).toEqual([outcome]);
    });

    it('only while it may still come: what the ledger does not know is forgotten after an hour', async () => {
      const [recent, old] = [await expired(), await expired({ agoS: 3_700 })];
      for (const setup of [recent, old]) {
        ledgerHas(setup, { status: 404, json: { id: 'NotFoundError', message: 'no' } });
      }
      await ask();
      expect(await paymentOf(recent)).toMatchObject({ outcome: null });
      expect(await paymentOf(old)).toBeNull();
      await ask();
      expect(bed.peers.callsTo(new RegExp(`ledger/transfers/${recent.id}`))).toHaveLength(1);
    });

    it('of a payment that came late: the ledger is asked again, each time when half the time since its expiry has passed once more', async () => {
      const setup = await expired({ agoS: 120 });
      ledgerHas(setup, { status: 404, json: { id: 'NotFoundError', message: 'no' } });
      await ask();
      const [{ wait }] = await sql(
        'SELECT extract(epoch FROM check_at - expires_at)::float AS wait FROM issued_payments',
      );
      expect(wait).toBeGreaterThanOrEqual(180);
      expect(wait).toBeLessThan(240);
      ledgerHas(setup, { json: bed.transferOf(setup, { state: 'rejected', rejection_reason: 'expired' }) });
      await sql(`UPDATE issued_payments SET check_at = now() - interval '1 s'`);
      await ask();
      expect(await paymentOf(setup)).toMatchObject({ outcome: 'expired' });
    });

    it.each([
      ['does not answer', () => ({ status: 503, json: { id: 'ServiceUnavailableError', message: 'away' } })],
      ['has it open', (setup: IprReplyDto) => ({ json: bed.transferOf(setup) })],
    ])('however old it is, while the ledger %s', async (_what, answered) => {
      const setup = await expired({ agoS: 86_400 });
      ledgerHas(setup, answered(setup));
      await ask();
      expect(await paymentOf(setup)).toMatchObject({ outcome: null });
      ledgerHas(setup, { json: bed.transferOf(setup, { state: 'executed' }) });
      await sql(`UPDATE issued_payments SET check_at = now() - interval '1 s'`);
      await ask();
      expect(await paymentOf(setup)).toMatchObject({ outcome: 'executed' });
    });
  });
});
