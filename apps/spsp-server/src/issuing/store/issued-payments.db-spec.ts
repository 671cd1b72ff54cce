import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IprReplyDto } from '@level-one/peers';
import { HotStatements, openDatabase, RoleLogger } from '@level-one/platform';
import { createTestDatabase, eventually, type TestDatabase } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { KeepOutcomeTimes1798300000500 } from './keep-outcome-times.migration.js';
import type { SpspServerSettings } from '../../spsp-server.settings.js';
import { AddPaymentRequests1795300000200 } from './add-payment-requests.migration.js';
import { CreateIssuedPayments1700000000100 } from './create-issued-payments.migration.js';
import { DeliverOutcomes1796900000400 } from './deliver-outcomes.migration.js';
import { IssuedPayment, type NewIssuedPayment, type PaymentOutcome } from './issued-payment.entity.js';
import { IssuedPaymentsRepository, type PaymentEnd } from './issued-payments.repository.js';

function newPayment(changes: Partial<NewIssuedPayment> = {}): NewIssuedPayment {
  return {
    paymentId: randomUUID(),
    fingerprint: 'f',
    invoiceId: '1',
    identifier: null,
    senderIdentifier: '78956562',
    memo: 'Lunch',
    account: 'bob',
    amount: 2n ** 60n,
    packet: 'AA',
    condition: 'ni:x',
    expiresAt: new Date('2030-01-01T00:00:00.123Z'),
    reply: { name: 'z', id: 'a' } as IprReplyDto,
    ipr: null,
    requestFingerprint: null,
    data: null,
    ...changes,
  };
}

const logger = RoleLogger.create({ role: 'test', dfsp: null }, 'silent');

const SETTINGS = { requestWrittenAfterMs: 50 } as SpspServerSettings;

const OF_REQUEST = {
  fingerprint: null,
  invoiceId: null,
  senderIdentifier: null,
  memo: null,
  reply: null,
  ipr: 'AA',
  requestFingerprint: 'r',
};

const NEVER_TOLD = { tellAttempts: 0, tellUntil: null, tellErrorId: null, tellError: null, givenUpAt: null };

describe('issued payments', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let statements: HotStatements;
  let payments: IssuedPaymentsRepository;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openDatabase({
      settings: { databaseUrl: database.url, databaseSchema: 'issued', databasePoolSize: 5 },
      entities: [IssuedPayment],
      migrations: [
        CreateIssuedPayments1700000000100,
        AddPaymentRequests1795300000200,
        DeliverOutcomes1796900000400,
        KeepOutcomeTimes1798300000500,
      ],
    });
    statements = new HotStatements(dataSource);
    payments = new IssuedPaymentsRepository(dataSource, logger, SETTINGS, statements);
  });

  afterAll(async () => {
    await statements?.onApplicationShutdown();
    await dataSource?.destroy();
    await database?.drop();
  });

  const ended = (outcome: PaymentOutcome, told: boolean): PaymentEnd => {
    const now = new Date();
    return { ...NEVER_TOLD, outcome, endedAt: now, toldAt: told ? now : null, tellAfter: now, tellAttempts: 1 };
  };

  it('are kept as they are: exact amounts, memos of both kinds, members of the answer in their order', async () => {
    const open = { ...NEVER_TOLD, outcome: null, endedAt: null, toldAt: null, tellAfter: null, checkAt: null };
    for (const memo of ['Lunch', '{"a":1}', { a: 1 }, null]) {
      const payment = newPayment({ memo });
      const kept = await payments.keepFirst(payment);
      expect(kept).toEqual({ ...payment, ...open });
      expect(JSON.stringify(kept.reply)).toBe('{"name":"z","id":"a"}');
    }
  });

  it('keep the first of several under one id', async () => {
    const paymentId = randomUUID();
    const attempts = ['a', 'b', 'c', 'd'].map((fingerprint) =>
      payments.keepFirst(newPayment({ paymentId, fingerprint })),
    );
    expect(new Set((await Promise.all(attempts)).map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  it('get the setup that comes first, and no other', async () => {
    const request = { fingerprint: null, invoiceId: null, senderIdentifier: null, memo: null, reply: null };
    const ofRequest = { ipr: 'AA', requestFingerprint: 'r', data: { currency: 'USD' } };
    const first = await payments.keepFirst(newPayment({ ...request, ...ofRequest }));
    const setups = ['a', 'b', 'c'].map((fingerprint) =>
      payments.addSetup(newPayment({ paymentId: first.paymentId, fingerprint })),
    );
    const kept = await Promise.all(setups);
    expect(new Set(kept.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(kept[0]).toMatchObject({ ...ofRequest, invoiceId: '1', memo: 'Lunch', reply: { name: 'z', id: 'a' } });
  });

  describe('under way at two instances', () => {
    let others: HotStatements;
    let other: IssuedPaymentsRepository;
    beforeAll(() => {
      others = new HotStatements(dataSource);
      other = new IssuedPaymentsRepository(dataSource, logger, SETTINGS, others);
    });
    afterAll(() => others.onApplicationShutdown());

    it('a setup that the other one added counts before a transfer is judged', async () => {
      const { paymentId } = await payments.keepFirst(newPayment(OF_REQUEST));
      await other.addSetup(newPayment({ paymentId, fingerprint: 'theirs' }));
      expect(await payments.findWithSetup(paymentId)).toMatchObject({ fingerprint: 'theirs', ipr: 'AA' });
    });

    it('only one adds its setup, whatever the other one keeps in memory', async () => {
      const { paymentId } = await payments.keepFirst(newPayment(OF_REQUEST));
      await other.findIssued(paymentId);
      const setups = [payments, other].map((one, index) =>
        one.addSetup(newPayment({ paymentId, fingerprint: `f${index}` })),
      );
      const [mine, theirs] = await Promise.all(setups);
      expect(mine!.fingerprint).toBe(theirs!.fingerprint);
      expect((await payments.findIssued(paymentId))!.fingerprint).toBe(mine!.fingerprint);
      expect((await other.findIssued(paymentId))!.fingerprint).toBe(mine!.fingerprint);
    });

    it('an end that the other one recorded is not recorded again, and is seen then', async () => {
      const { paymentId } = await payments.keepFirst(newPayment());
      expect(await other.endPayment(paymentId, ended('executed', true))).toBe(true);
      expect((await payments.findIssued(paymentId))!.outcome).toBeNull();
      expect(await payments.endPayment(paymentId, ended('executed', true))).toBe(false);
      expect((await payments.findIssued(paymentId))!.outcome).toBe('executed');
    });

    it('one that was never paid is taken by one, forgotten by both, and may be set up anew', async () => {
      const past = new Date(Date.now() - 1_000);
      const { paymentId } = await payments.keepFirst(newPayment({ expiresAt: past }));
      await other.findIssued(paymentId);
      const now = new Date();
      const until = new Date(now.getTime() + 60_000);
      expect(await other.takeUnended(now, now, { until, limit: 100 })).toMatchObject([{ paymentId }]);
      await other.dropPayment(paymentId);
      expect(await other.findIssued(paymentId)).toBeNull();
      expect(await payments.takeUnended(now, until, { until, limit: 100 })).toEqual([]);
      expect(await payments.findIssued(paymentId)).toBeNull();
    });

    it('one that is taken is taken again when that time is over, unless it has ended', async () => {
      const past = new Date(Date.now() - 1_000);
      const { paymentId } = await payments.keepFirst(newPayment({ expiresAt: past }));
      const now = new Date();
      const until = new Date(now.getTime() + 60_000);
      const take = (at: Date, by = payments) => by.takeUnended(now, at, { until, limit: 100 });
      expect(await take(now)).toMatchObject([{ paymentId }]);
      expect(await take(now, other)).toEqual([]);
      expect(await take(until, other)).toMatchObject([{ paymentId }]);
      await payments.askAgain(paymentId, now);
      expect(await take(now, other)).toMatchObject([{ paymentId }]);
      await payments.endPayment(paymentId, ended('executed', false));
      await payments.dropPayment(paymentId);
      expect(await payments.findPayment(paymentId)).toMatchObject({ outcome: 'executed' });
      expect(await take(until)).toEqual([]);
    });

    it('so many as fit are kept in memory', async () => {
      const { paymentId } = await payments.keepFirst(newPayment());
      await dataSource.query('DELETE FROM issued_payments WHERE payment_id = $1', [paymentId]);
      expect(await payments.findIssued(paymentId)).not.toBeNull();
      for (let more = 0; more < 2_000; more++) await payments.keepFirst(newPayment());
      expect(await payments.findIssued(paymentId)).toBeNull();
    });
  });

  it('end once', async () => {
    const { paymentId } = await payments.keepFirst(newPayment());
    expect(await payments.endPayment(paymentId, ended('executed', false))).toBe(true);
    expect(await payments.endPayment(paymentId, ended('rejected', true))).toBe(false);
    expect(await payments.findPayment(paymentId)).toMatchObject({ outcome: 'executed', toldAt: null });
    expect(await payments.endPayment(paymentId, ended('executed', true))).toBe(true);
    expect(await payments.endPayment(paymentId, ended('executed', false))).toBe(false);
    expect(await payments.findPayment(paymentId)).toMatchObject({ outcome: 'executed', toldAt: expect.any(Date) });
  });

  it('end together, each as if it were alone', async () => {
    const kept = await Promise.all(Array.from({ length: 4 }, () => payments.keepFirst(newPayment())));
    const [open, told, failed, other] = kept.map(({ paymentId }) => paymentId) as [string, string, string, string];
    const [executed, rejected] = [ended('executed', true), ended('rejected', false)];
    await payments.endPayment(told, executed);
    await payments.endPayment(other, rejected);
    const ends = [executed, executed, rejected, executed];
    const changed = await Promise.all(
      kept.map((payment, index) => payments.endWithOthers(Object.assign({}, payment, ends[index]))),
    );
    expect(changed).toEqual([true, false, true, false]);
    const found = await Promise.all([open, failed, other].map((paymentId) => payments.findPayment(paymentId)));
    expect(found).toEqual([
      Object.assign({}, kept[0], executed),
      Object.assign({}, kept[2], rejected),
      Object.assign({}, kept[3], rejected),
    ]);
  });

  describe('that were asked for by a payment request', () => {
    const idsOfRows = async (ids: string[]): Promise<string[]> => {
      const rows: { id: string }[] = await dataSource.query(
        'SELECT payment_id AS id FROM issued_payments WHERE payment_id = ANY ($1)',
        [ids],
      );
      return rows.map(({ id }) => id);
    };
    const keepRequest = (request: NewIssuedPayment, by = payments) => by.findOrIssue(request.paymentId, () => request);
    const written = (ids: string[]) =>
      eventually(async () => expect((await idsOfRows(ids)).toSorted()).toEqual(ids.toSorted()));

    it('are known at once, and written a little later', async () => {
      const requests = Array.from({ length: 3 }, () => newPayment(OF_REQUEST));
      const ids = requests.map(({ paymentId }) => paymentId);
      const kept = await Promise.all(requests.map((request) => keepRequest(request)));
      expect(kept).toMatchObject(requests);
      expect(await Promise.all(ids.map((id) => payments.findPayment(id)))).toMatchObject(requests);
      await written(ids);
      expect(await payments.findPayment(ids[0]!)).toMatchObject(requests[0]!);
    });

    it('are kept once under one id', async () => {
      const paymentId = randomUUID();
      const kept = await Promise.all(
        ['r', 's'].map((requestFingerprint) =>
          keepRequest(newPayment({ ...OF_REQUEST, paymentId, requestFingerprint })),
        ),
      );
      expect(new Set(kept.map(({ requestFingerprint }) => requestFingerprint)).size).toBe(1);
    });

    it('get their setup before they are written, and keep it', async () => {
      const request = await keepRequest(newPayment(OF_REQUEST));
      const { paymentId } = request;
      const setup = newPayment({ paymentId, ipr: request.ipr, requestFingerprint: request.requestFingerprint });
      expect(await payments.addSetup(setup)).toMatchObject(setup);
      const after = await keepRequest(newPayment(OF_REQUEST));
      await written([after.paymentId, paymentId]);
      expect(await payments.findPayment(paymentId)).toMatchObject(setup);
    });

    it('end before they are written, with all that was issued', async () => {
      const request = await keepRequest(newPayment(OF_REQUEST));
      const end = ended('executed', true);
      expect(await payments.endWithOthers(Object.assign({}, request, end))).toBe(true);
      expect(await payments.findPayment(request.paymentId)).toEqual(
        Object.assign({}, newPayment(OF_REQUEST), end, { paymentId: request.paymentId, checkAt: null }),
      );
    });

    it('end where their row is missing, and not twice', async () => {
      const lost = Object.assign(newPayment(OF_REQUEST), { checkAt: null });
      const end = ended('executed', true);
      expect(await payments.endWithOthers(Object.assign({}, lost, end))).toBe(true);
      expect(await payments.endWithOthers(Object.assign({}, lost, end))).toBe(false);
      expect(await payments.findPayment(lost.paymentId)).toMatchObject({ ...lost, outcome: 'executed' });
    });

    it('are asked for at two instances at once: what is written first counts, and its end', async () => {
      const others = new HotStatements(dataSource);
      const other = new IssuedPaymentsRepository(dataSource, logger, SETTINGS, others);
      const [mine, theirs] = [newPayment(OF_REQUEST), newPayment(OF_REQUEST)];
      theirs.paymentId = mine.paymentId;
      theirs.packet = 'AB';
      await keepRequest(mine);
      await payments.beforeApplicationShutdown();
      const late = Object.assign({}, theirs, { checkAt: null });
      expect(await other.endWithOthers(Object.assign(late, ended('executed', true)))).toBe(false);
      expect(await payments.findPayment(mine.paymentId)).toMatchObject({ packet: 'AA', outcome: null });
      await others.onApplicationShutdown();
    });

    it('keep the times of attempts to tell that failed, also if they were not written before', async () => {
      const request = await keepRequest(newPayment(OF_REQUEST));
      const failed = Object.assign({}, request, ended('executed', false), { tellErrorId: 'ExternalError' });
      expect(await payments.endUnwritten(failed)).toBe(true);
      const rows: { times: object[] }[] = await dataSource.query(
        'SELECT state_times AS times FROM issued_payments WHERE payment_id = $1',
        [request.paymentId],
      );
      expect(rows[0]!.times).toMatchObject([{ to: 'executed', attempts: 1, error: 'ExternalError' }]);
    });

    it('are written before they are answered where that is set', async () => {
      const atOnce = { requestWrittenAfterMs: 0 } as SpspServerSettings;
      const careful = new IssuedPaymentsRepository(dataSource, logger, atOnce, statements);
      const { paymentId } = await keepRequest(newPayment(OF_REQUEST), careful);
      expect(await idsOfRows([paymentId])).toEqual([paymentId]);
    });

    it('are written before the role ends', async () => {
      const [first, last] = [newPayment(OF_REQUEST), newPayment(OF_REQUEST)];
      await keepRequest(first);
      await keepRequest(last);
      await payments.beforeApplicationShutdown();
      expect(await idsOfRows([first.paymentId, last.paymentId])).toHaveLength(2);
    });

    it('are not written where the database refuses them, and others are', async () => {
      const [refused, fine] = [newPayment({ ...OF_REQUEST, amount: 0n }), newPayment(OF_REQUEST)];
      await keepRequest(refused);
      await keepRequest(fine);
      await written([fine.paymentId]);
      await payments.beforeApplicationShutdown();
      expect(await idsOfRows([refused.paymentId])).toEqual([]);
    });
  });

  it('are taken by one teller at a time, and no more once they are told', async () => {
    const { paymentId } = await payments.keepFirst(newPayment());
    const later = new Date(Date.now() + 60_000);
    await payments.endPayment(paymentId, ended('executed', false));
    const takers = await Promise.all([0, 1].map(() => payments.takeUntold(new Date(), later, 100)));
    expect(takers.flat().filter((payment) => payment.paymentId === paymentId)).toHaveLength(1);
    await payments.endPayment(paymentId, ended('executed', true));
    const rest = await payments.takeUntold(later, later, 100);
    expect(rest.filter((payment) => payment.paymentId === paymentId)).toEqual([]);
  });

  it('need exactly one target and a positive amount', async () => {
    await expect(payments.keepFirst(newPayment({ identifier: '1' }))).rejects.toThrow('has_one_target');
    await expect(payments.keepFirst(newPayment({ amount: 0n }))).rejects.toThrow('amount_is_positive');
  });
});
