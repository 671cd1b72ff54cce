import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { basicAuthorization, RoleLogger } from '@level-one/platform';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { ALICE, type Answer, DAVE, TestBed } from '../../test/test-bed.js';
import { NoticeSender } from './notice-sender.js';
import { NoticesRepository } from './notices.repository.js';

/** More than were made when attempts were counted. */
const MANY = 30;

describe('notices about invoices', () => {
  let bed: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());
  afterEach(async () => {
    jest.restoreAllMocks();
    bed.peers.on(/^POST \/proxy\/invoices$/, { status: 201 });
    await sql('TRUNCATE notices');
  });

  const sql = (text: string, values: unknown[] = []) => bed.get(DataSource).query(text, values);
  const answer = (status: number, id = 'SomeError') =>
    bed.peers.on(/^POST \/proxy\/invoices$/, { status, json: { id, message: 'no' } });
  const sentFor = (invoiceId: string) =>
    bed.peers.callsTo(/^POST \/proxy\/invoices$/).filter(({ body }) => body.invoiceId === invoiceId);
  const noticeOf = async (invoiceId: string) =>
    (await sql('SELECT * FROM notices WHERE invoice_id = $1', [invoiceId]))[0];
  const operator = (request: string): Promise<Answer> =>
    bed.ask(request, undefined, { authorization: basicAuthorization('admin', 'admin') });
  const undelivered = async (): Promise<any[]> => (await operator('GET /v1/undelivered')).json.undelivered;

  /** Runs the sender when every notice is due. */
  async function tryAgain(times = 1): Promise<void> {
    for (let run = 0; run < times; run++) {
      await sql(`UPDATE notices SET next_attempt_at = now() - interval '1 s'`);
      await bed.get(NoticeSender).lookAfterDue();
    }
  }

  async function passDeadline(): Promise<void> {
    await sql(`UPDATE notices SET deadline_at = now() - interval '1 s'`);
  }

  it.each([
    [500, 'SomeError'],
    [503, 'ServiceUnavailableError'],
    [429, 'TooManyRequestsError'],
    [401, 'Unauthorized'],
    [404, 'UserNotFound'],
  ])('K11: are tried while the other DFSP answers %i, however often, also after a restart', async (status, id) => {
    answer(status, id);
    const { invoiceId } = await bed.issue();
    await tryAgain(MANY);
    expect(sentFor(invoiceId)).toHaveLength(MANY + 1);
    bed = await bed.restarted();
    answer(201);
    await tryAgain();
    expect(await noticeOf(invoiceId)).toMatchObject({ status: 'delivered', last_error: null, last_error_id: null });
  });

  it('are shown to operators while they wait, and are undeliverable after their deadline', async () => {
    const errors = jest.spyOn(RoleLogger.prototype, 'error');
    answer(503);
    const { invoiceId } = await bed.issue();
    const waiting = { kind: 'invoiceIssued', state: 'waiting', invoiceId, attempts: 1, error: 'ExternalError' };
    expect(await undelivered()).toMatchObject([waiting]);
    expect((await operator('GET /v1/health')).json).toEqual({ status: 'OK' });
    await passDeadline();
    await tryAgain(3);
    expect(sentFor(invoiceId)).toHaveLength(2);
    const [entry] = await undelivered();
    expect(entry).toMatchObject({ state: 'undeliverable', invoiceId, attempts: 2, to: expect.any(String) });
    expect(entry.nextAttemptAt).toBeUndefined();
    expect((await operator('GET /v1/health')).json).toEqual({ status: 'OK', detail: { undeliverable: 1 } });
    const told = errors.mock.calls.filter(([, message]) => message.startsWith('undeliverable'));
    expect(told).toEqual([[expect.objectContaining({ invoiceId, attempts: 2 }), expect.any(String)]]);
  });

  it('are undeliverable at once if they are refused for good', async () => {
    answer(422, 'UnprocessableEntityError');
    const { invoiceId } = await bed.issue();
    await tryAgain(2);
    expect(sentFor(invoiceId)).toHaveLength(1);
    expect(await undelivered()).toMatchObject([
      { state: 'undeliverable', invoiceId, error: 'UnprocessableEntityError', message: 'no' },
    ]);
  });

  it('can be sent again by operators', async () => {
    answer(503);
    const { invoiceId } = await bed.issue();
    await passDeadline();
    await tryAgain();
    const [{ id }] = await undelivered();
    expect((await operator(`POST /v1/undelivered/${id}/resend`)).json).toMatchObject({ state: 'waiting', attempts: 3 });
    // It has a new deadline.
    await tryAgain();
    expect(sentFor(invoiceId)).toHaveLength(4);
    answer(201);
    expect(await operator(`POST /v1/undelivered/${id.toUpperCase()}/resend`)).toMatchObject({
      status: 200,
      json: { id, state: 'delivered' },
    });
    expect(await undelivered()).toEqual([]);
    for (const unknown of [id, randomUUID(), 'x']) {
      expect(await operator(`POST /v1/undelivered/${unknown}/resend`)).toMatchObject({
        status: 404,
        json: { id: 'NotFoundError' },
      });
    }
  });

  it('can be sent again all at once by operators, the oldest first, up to a limit', async () => {
    answer(422, 'UnprocessableEntityError');
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.push((await bed.issue()).invoiceId);
    await tryAgain();
    const states = async () => (await undelivered()).map(({ state, invoiceId }) => [invoiceId, state]);
    expect(await states()).toEqual(ids.map((id) => [id, 'undeliverable']));
    answer(201);
    expect(await operator('POST /v1/undelivered/resend?limit=2')).toMatchObject({
      status: 200,
      json: { resent: 2, undeliverable: 1 },
    });
    // The run that the request began may be under way, or have ended before.
    await bed.get(NoticeSender).lookAfterDue();
    await eventually(async () => expect(await states()).toEqual([[ids[2], 'undeliverable']]));
    expect((await operator('POST /v1/undelivered/resend')).json).toEqual({ resent: 1, undeliverable: 0 });
    await bed.get(NoticeSender).lookAfterDue();
    await eventually(async () => expect(await states()).toEqual([]));
    expect((await operator('POST /v1/undelivered/resend')).json).toEqual({ resent: 0, undeliverable: 0 });
    for (const limit of ['0', '1001', 'x']) {
      expect((await operator(`POST /v1/undelivered/resend?limit=${limit}`)).status).toBe(400);
    }
    expect((await bed.ask('POST /v1/undelivered/resend')).status).toBe(403);
  });

  it('are listed page by page, to operators only', async () => {
    answer(503);
    const issued: string[] = [];
    for (let index = 0; index < 5; index++) issued.push((await bed.issue()).invoiceId);
    const seen: string[] = [];
    for (let after = ''; ;) {
      const { json } = await operator(`GET /v1/undelivered?limit=2${after}`);
      seen.push(...json.undelivered.map(({ invoiceId }: { invoiceId: string }) => invoiceId));
      if (json.next === undefined) break;
      after = `&after=${json.next}`;
    }
    expect(seen).toEqual(issued);
    expect((await bed.ask('GET /v1/undelivered')).status).toBe(403);
    for (const query of ['limit=0', 'limit=1001', 'limit=x', 'after=x']) {
      expect((await operator(`GET /v1/undelivered?${query}`)).status).toBe(400);
    }
  });

  it('K9: whose result could not be written are not sent again; it is written once the database takes it', async () => {
    answer(503);
    const { invoiceId } = await bed.issue();
    answer(201);
    const write = jest.spyOn(bed.get(NoticesRepository), 'markDelivered').mockRejectedValue(new Error('57P01'));
    await tryAgain();
    await expect(bed.get(NoticeSender).lookAfterDue()).rejects.toThrow('57P01');
    write.mockRestore();
    await bed.get(NoticeSender).lookAfterDue();
    expect(await noticeOf(invoiceId)).toMatchObject({ status: 'delivered' });
    expect(sentFor(invoiceId)).toHaveLength(2);
  });

  it('are written as delivered with others, a moment after the invoice was answered', async () => {
    const issued = await Promise.all(
      Array.from({ length: 3 }, () =>
        bed.ask('POST /v1/merchantInvoice', {
          account: 'dave',
          amount: '10.40',
          identifier: ALICE,
          merchantIdentifier: DAVE,
        }),
      ),
    );
    await bed.get(NoticeSender).settle();
    const ids = issued.map(({ json }) => json.invoiceId);
    const invoices = await sql('SELECT notified FROM invoices WHERE id = ANY ($1)', [ids]);
    expect(invoices).toEqual(ids.map(() => ({ notified: true })));
    for (const id of ids) expect(await noticeOf(id)).toMatchObject({ status: 'delivered', last_error_id: null });
  });

  it('K9: whose delivery could not be written with others are not sent again; it is written alone', async () => {
    jest.spyOn(bed.get(NoticesRepository), 'markDeliveredWithOthers').mockRejectedValue(new Error('57P01'));
    const { invoiceId } = await bed.issue();
    expect(await noticeOf(invoiceId)).toMatchObject({ status: 'pending' });
    await tryAgain();
    expect(await noticeOf(invoiceId)).toMatchObject({ status: 'delivered' });
    expect(sentFor(invoiceId)).toHaveLength(1);
  });

  it('K9: are due within seconds if the role was killed before it wrote their result', async () => {
    answer(503);
    await bed.issue();
    await sql(`UPDATE notices SET next_attempt_at = now() - interval '1 s'`);
    await bed.get(NoticesRepository).takeDue(new Date());
    const [{ due }] = await sql(`SELECT extract(epoch FROM max(next_attempt_at) - now())::float8 AS due FROM notices`);
    expect(due).toBeLessThanOrEqual(20);
  });

  it('that an invoice was issued are needless once it has ended, and are no dead letters', async () => {
    answer(503);
    const { invoiceId } = await bed.issue({ expiresAt: '2100-01-01T00:00:00.000Z' });
    await sql(`UPDATE invoices SET expires_at = now() - interval '1 s' WHERE id = $1`, [invoiceId]);
    await tryAgain(2);
    expect(sentFor(invoiceId)).toHaveLength(2);
    expect(await noticeOf(invoiceId)).toMatchObject({ status: 'withdrawn' });
    expect(await undelivered()).toEqual([]);
  });

  it('to a DFSP that does not answer do not hold up those to others', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    answer(503);
    const { invoiceId: slow } = await bed.issue({ info: 'slow' });
    const { invoiceId: quick } = await bed.issue();
    bed.peers.on(/^POST \/proxy\/invoices$/, async ({ body }) => {
      if (body.invoiceId === slow) await held;
      return { status: 201 };
    });
    await sql(`UPDATE notices SET next_attempt_at = now() - interval '1 s'`);
    const run = bed.get(NoticeSender).lookAfterDue();
    await eventually(async () => expect(await noticeOf(quick)).toMatchObject({ status: 'delivered' }));
    expect(await noticeOf(slow)).toMatchObject({ status: 'pending' });
    release();
    await run;
    expect(await noticeOf(slow)).toMatchObject({ status: 'delivered' });
  });
});
