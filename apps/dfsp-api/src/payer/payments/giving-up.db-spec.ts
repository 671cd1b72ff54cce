import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { FakePeerAnswer } from '@level-one/testing';
import { RoleLogger } from '@level-one/platform';
import { paying } from '../../../test/paying.js';
import { TestBed } from '../../../test/test-bed.js';
import { OutgoingPaymentOutcomes } from './outgoing-payment-outcomes.js';
import { OutgoingPaymentsRepository } from './outgoing-payments.repository.js';

const VOID = /^PUT \/ledger\/transfers\/[^/]+\/void$/;
const AWAY = { status: 503, json: { id: 'ServiceUnavailableError', message: 'The ledger is away' } };

describe('giving a payment up', () => {
  let bed: TestBed;
  const { sql, onSetup, onPay, onPoll, pay, notificationOf, paymentOf, overdue, asUsual } = paying(() => bed);

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());
  afterEach(() => {
    jest.restoreAllMocks();
    bed.peers.on(VOID, ({ route }) => bed.voidAnswer(route));
    asUsual();
  });

  const isOver = (invoiceUrl: string) =>
    sql(`UPDATE outgoing_payments SET expires_at = now() - interval '1 day' WHERE invoice_url = $1`, [invoiceUrl]);
  const limitOf = async (paymentId: string) =>
    (await sql('SELECT status FROM limit_reservations WHERE payment_id = $1', [paymentId]))[0].status;
  const T1 = {
    debits: [{ account: 'alice', amount: '10.40' }],
    credits: [{ account: 'connector', amount: '10.40' }],
    execution_condition: 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32',
  };

  /** Kills the process at the next call of a method: nothing after it happens, and the role starts again. */
  async function killedAt(target: object, method: string, request: () => Promise<unknown>): Promise<void> {
    const spy = jest.spyOn(target as any, method).mockImplementation(() => {
      throw new Error('killed');
    });
    await request();
    expect(spy).toHaveBeenCalled();
    spy.mockRestore();
    bed = await bed.restarted();
  }

  describe('by a role that is killed', () => {
    it.each([
      ['before the ledger is asked', () => bed.get(OutgoingPaymentOutcomes), 'giveUp', false],
      ['after its id is void, before that is stored', () => bed.get(OutgoingPaymentsRepository), 'endPayment', true],
    ] as const)('%s, is completed after the restart', async (_when, target, method, isVoid) => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onSetup({ status: 422, json: { id: 'NoAccount', message: 'no account' } });
      await killedAt(target(), method, () => pay(invoiceNotificationId));
      const { payment_id: paymentId, status } = await paymentOf(invoiceUrl);
      expect([status, bed.isVoid(paymentId), await limitOf(paymentId)]).toEqual(['settingUp', isVoid, 'reserved']);
      expect((await notificationOf(invoiceNotificationId)).payment_id).toBe(paymentId);
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('failed');
      expect([bed.isVoid(paymentId), await limitOf(paymentId)]).toEqual([true, 'released']);
      expect(await notificationOf(invoiceNotificationId)).toEqual({ status: 'pending', payment_id: null });
    });

    it('after it was sent, is completed by the keeper, and the transfer that came first wins', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay({ status: 422, json: { id: 'ExpiredTransferError', message: 'too late' } });
      await killedAt(bed.get(OutgoingPaymentOutcomes), 'giveUp', () => pay(invoiceNotificationId));
      const { payment_id: paymentId } = await paymentOf(invoiceUrl);
      bed.ledgerHas(paymentId, 'prepared', T1);
      await isOver(invoiceUrl);
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
      bed.ledgerHas(paymentId, 'executed', T1);
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('executed');
      expect([bed.isVoid(paymentId), await limitOf(paymentId)]).toEqual([false, 'confirmed']);
    });
  });

  it('waits for a ledger that is away for an hour: pending, with its limits, asked ever more rarely', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    onSetup({ status: 422, json: { id: 'NoAccount', message: 'no account' } });
    bed.peers.on(VOID, AWAY);
    jest.spyOn(bed.api.app.get(RoleLogger, { strict: false }), 'warn').mockReturnValue(undefined);
    const told = await pay(invoiceNotificationId);
    expect(told).toMatchObject({ status: 200, json: { status: 'pending' } });
    const { paymentId } = told.json;
    for (const minutes of [0, 1, 60]) {
      await sql(`UPDATE outgoing_payments SET created_at = now() - make_interval(mins => $2) WHERE payment_id = $1`, [
        paymentId,
        minutes,
      ]);
      await overdue();
      const [{ status, pause }] = await sql(
        `SELECT status, extract(epoch FROM check_at - now())::float8 AS pause FROM outgoing_payments
         WHERE payment_id = $1`,
        [paymentId],
      );
      expect(status).toBe('settingUp');
      const expected = { 0: 2, 1: 15, 60: 30 }[minutes]!;
      expect(pause).toBeLessThanOrEqual(expected + 1);
      expect(pause).toBeGreaterThan(expected / 2);
      expect((await pay(invoiceNotificationId)).json).toMatchObject({ paymentId, status: 'pending' });
      expect(await limitOf(paymentId)).toBe('reserved');
    }
    expect((await bed.ask(`GET /v1/payments/${paymentId}`)).json).toMatchObject({ state: 'pending' });
    bed.peers.on(VOID, ({ route }) => bed.voidAnswer(route));
    await overdue();
    expect((await paymentOf(invoiceUrl)).status).toBe('failed');
    expect(await limitOf(paymentId)).toBe('released');
    expect((await bed.ask(`GET /v1/payments/${paymentId}`)).json).toMatchObject({
      state: 'failed',
      reason: { message: expect.stringContaining('no money has moved') },
    });
  });

  describe('at a ledger without the route', () => {
    let transfers: Map<string, any>;
    const of = (route: string): string => route.split('/')[3]!;
    const known = (route: string): FakePeerAnswer => {
      const json = transfers.get(of(route));
      return json ? { json } : { status: 404, json: { id: 'NotFoundError', message: 'Unknown transfer' } };
    };

    beforeAll(() => {
      transfers = new Map();
    });

    /** A ledger that knows proposals and rejections, and refuses another transfer under a known id. */
    function oldLedger(status: number): void {
      bed.peers.on(VOID, { status, json: { id: 'NotFoundError', message: 'Cannot PUT' } });
      bed.peers.on(/^GET \/ledger\/transfers\/[^/]+$/, ({ route }) => known(route));
      bed.peers.on(/^PUT \/ledger\/transfers\/[^/]+$/, ({ route, body }) => {
        const same = transfers.get(of(route));
        if (same) return { status: 400, json: { id: 'InvalidModificationError', message: 'Another transfer' } };
        transfers.set(of(route), { ...body, state: 'proposed' });
        return { status: 201, json: transfers.get(of(route)) };
      });
      bed.peers.on(/^PUT \/ledger\/transfers\/[^/]+\/rejection$/, ({ route, body }) => {
        const { credits, ...transfer } = transfers.get(of(route));
        transfers.set(of(route), {
          ...transfer,
          credits: [{ ...credits[0], rejected: true, rejection_message: body }],
          state: 'rejected',
          rejection_reason: 'cancelled',
        });
        return { status: 201, json: body };
      });
    }

    it.each([404, 405, 501])('that answers %i, uses the id up by a rejected proposal', async (status) => {
      oldLedger(status);
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onSetup({ status: 422, json: { id: 'NoAccount', message: 'no account' } });
      expect(await pay(invoiceNotificationId)).toMatchObject({ status: 422, json: { id: 'NoAccount' } });
      const { payment_id: paymentId, status: ended } = await paymentOf(invoiceUrl);
      expect(ended).toBe('failed');
      const usedUp = transfers.get(paymentId);
      expect(usedUp).toMatchObject({ state: 'rejected', credits: [{ amount: '0.01' }] });
      expect(usedUp.debits[0]).not.toHaveProperty('authorized');
      expect(usedUp.credits[0].account).toMatch(/\/accounts\/admin$/);
    });

    it('whose rejection got no answer, is rejected later', async () => {
      oldLedger(404);
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onSetup({ status: 422, json: { id: 'NoAccount', message: 'no account' } });
      bed.peers.on(/^PUT \/ledger\/transfers\/[^/]+\/rejection$/, AWAY);
      expect((await pay(invoiceNotificationId)).json).toMatchObject({ status: 'pending' });
      const { payment_id: paymentId } = await paymentOf(invoiceUrl);
      expect(transfers.get(paymentId).state).toBe('proposed');
      oldLedger(404);
      await overdue();
      expect([(await paymentOf(invoiceUrl)).status, transfers.get(paymentId).state]).toEqual(['failed', 'rejected']);
    });

    it('of a role that is killed after the rejection, is completed after the restart', async () => {
      oldLedger(404);
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onSetup({ status: 422, json: { id: 'NoAccount', message: 'no account' } });
      await killedAt(bed.get(OutgoingPaymentsRepository), 'endPayment', () => pay(invoiceNotificationId));
      const { payment_id: paymentId, status } = await paymentOf(invoiceUrl);
      expect([status, transfers.get(paymentId).state]).toEqual(['settingUp', 'rejected']);
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('failed');
    });

    it('by two instances at once ends once', async () => {
      oldLedger(404);
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay({ status: 500 });
      onPoll({ status: 500 });
      await pay(invoiceNotificationId);
      await isOver(invoiceUrl);
      const other = await bed.besides();
      try {
        const row = await bed.get(OutgoingPaymentsRepository).findPayment((await paymentOf(invoiceUrl)).payment_id);
        const ends = await Promise.all(
          [bed, other, bed, other].map(async (on) => on.get(OutgoingPaymentOutcomes).giveUp(row!)),
        );
        // Who loses the race at the ledger asks again later.
        expect(ends.filter(Boolean).length).toBeGreaterThan(0);
        for (const end of ends) expect([undefined, { status: 'failed' }]).toContainEqual(end);
        await overdue();
        expect((await paymentOf(invoiceUrl)).status).toBe('failed');
      } finally {
        await other.api.close();
      }
    });

    it('ends as its transfer, if that was faster', async () => {
      oldLedger(404);
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay(({ body }) => {
        transfers.set(body.id, { ...T1, id: body.id, state: 'prepared' });
        return { status: 500 };
      });
      await pay(invoiceNotificationId);
      await isOver(invoiceUrl);
      await overdue();
      const { payment_id: paymentId, status } = await paymentOf(invoiceUrl);
      expect(status).toBe('paying');
      transfers.set(paymentId, { ...T1, id: paymentId, state: 'executed' });
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('executed');
    });
  });
});
