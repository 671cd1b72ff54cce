import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FROM_DFSP_HEADER } from '@level-one/peers';
import { basicAuthorization } from '@level-one/platform';
import { Retention } from '@level-one/work';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { receiving } from '../../test/receiving.js';
import { ALICE, DAVE, TestBed } from '../../test/test-bed.js';

describe('what is over', () => {
  let bed: TestBed;
  const { sql, approved, sendNews } = receiving(() => bed);

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());

  const deleteOld = (): Promise<void> => bed.get(Retention).deleteOld();
  const idsIn = async (table: string): Promise<string[]> =>
    (await sql(`SELECT payment_id AS id FROM ${table}`)).map(({ id }: { id: string }) => id);

  /** A quote for a payment to Dave, whose status is set as if it had come to it. */
  async function quote(status: 'reserved' | 'used' | 'expired', daysAgo: number): Promise<string> {
    const paymentId = randomUUID();
    const question = {
      paymentId,
      payer: { identifier: ALICE, identifierType: 'eur' },
      payee: { identifier: DAVE, identifierType: 'eur' },
      transferType: 'p2p',
      amountType: 'SEND',
      amount: { amount: '1', currency: 'USD' },
      fees: { amount: '0', currency: 'USD' },
    };
    const answer = await bed.ask('POST /v1/quotes', question, {
      authorization: basicAuthorization('scheme-adapter', 'adapter-password'),
      initiator: 'PROXY',
      [FROM_DFSP_HEADER]: 'dfsp2',
    });
    expect(answer.status).toBe(200);
    const of = `WHERE payment_id = '${paymentId}'`;
    await sql(`UPDATE quotes SET status = '${status}', expires_at = now() - interval '${daysAgo} days' ${of}`);
    const reservation = { reserved: 'reserved', used: 'confirmed', expired: 'released' }[status];
    await sql(`UPDATE limit_reservations SET status = '${reservation}', day = now()::date - ${daysAgo} ${of}`);
    return paymentId;
  }

  it('is deleted after RETENTION_DAYS: quotes and what they reserved, but not of payments that are open', async () => {
    const [old, unused] = [await quote('used', 91), await quote('expired', 91)];
    const open = await quote('reserved', 91);
    const recent = [await quote('used', 89), await quote('expired', 89)];
    const { paymentId: paying } = await approved();
    const ofOpen = await quote('used', 91);
    await sql('UPDATE quotes SET payment_id = $1 WHERE payment_id = $2', [paying, ofOpen]);
    await sql('DELETE FROM limit_reservations WHERE payment_id = $1', [ofOpen]);
    await sql(`UPDATE limit_reservations SET day = now()::date - 91, status = 'confirmed' WHERE payment_id = $1`, [
      paying,
    ]);
    await deleteOld();
    const kept = [open, ...recent, paying];
    expect(new Set(await idsIn('quotes'))).toEqual(new Set(kept));
    expect(new Set(await idsIn('limit_reservations'))).toEqual(new Set(kept));
    expect(kept).not.toContain(old);
    expect(kept).not.toContain(unused);
  });

  it('is deleted in batches, however much there is', async () => {
    await sql('TRUNCATE quotes, limit_usage');
    await sql(`
      INSERT INTO limit_usage (subject, side, currency, transfer_type, period, starts_on, amount, count, pool)
      SELECT number, 'debit', 'USD', 'p2p', 'day', now()::date - 200, 1, 1, '' FROM generate_series(1, 2500) AS number`);
    await deleteOld();
    expect(await sql('SELECT subject FROM limit_usage')).toEqual([]);
  });

  it('is deleted from the counters of limits only when no period of it can count any more', async () => {
    await sql('TRUNCATE limit_usage');
    const counter = (period: string, daysAgo: number) =>
      sql(
        `INSERT INTO limit_usage (subject, side, currency, transfer_type, period, starts_on, amount, count, pool)
         VALUES ('a', 'debit', 'USD', 'p2p', $1, now()::date - $2::int, 1, 1, '')`,
        [period, daysAgo],
      );
    for (const daysAgo of [0, 91, 119, 123]) await counter('month', daysAgo);
    await counter('day', 124);
    await deleteOld();
    const left = await sql('SELECT now()::date - starts_on AS ago FROM limit_usage ORDER BY starts_on DESC');
    expect(left.map(({ ago }: { ago: number }) => ago)).toEqual([0, 91, 119]);
  });

  it('is deleted from the notices, but not those that are to be sent; payments and invoices stay', async () => {
    await sql('TRUNCATE notices');
    const paid = await approved();
    await sendNews(paid, 'prepared');
    await sendNews(paid, 'executed');
    const { invoiceId: due } = await bed.issue();
    await sql(`UPDATE notices SET status = 'pending' WHERE invoice_id = $1`, [due]);
    const { invoiceId: recent } = await bed.issue();
    await sql(`UPDATE notices SET created_at = now() - interval '91 days' WHERE invoice_id <> $1`, [recent]);
    await deleteOld();
    const left = await sql('SELECT invoice_id AS id FROM notices');
    expect(new Set(left.map(({ id }: { id: string }) => id))).toEqual(new Set([due, recent]));
    const [payment] = await sql('SELECT status FROM receiver_payments WHERE payment_id = $1', [paid.paymentId]);
    expect(payment).toEqual({ status: 'executed' });
    expect(await sql('SELECT status FROM invoices WHERE id = $1', [paid.invoiceId])).toEqual([{ status: 'executed' }]);
  });

  it('and what is due is found by indexes of such rows alone', async () => {
    const plans: [string, string][] = [
      [`SELECT FROM quotes WHERE status IN ('used', 'expired') AND expires_at < now()`, 'quotes_over'],
      [
        `SELECT FROM limit_reservations WHERE status IN ('confirmed', 'released') AND day < now()`,
        'limit_reservations_over',
      ],
      [`SELECT FROM limit_usage WHERE starts_on < now()`, 'limit_usage_by_start'],
      [
        `SELECT FROM notices
         WHERE status IN ('delivered', 'givenUp', 'undeliverable', 'withdrawn') AND created_at < now()`,
        'notices_ended',
      ],
      [
        `SELECT FROM receiver_payments WHERE status IN ('rejected', 'expired') AND expires_at < now()`,
        'receiver_payments_unpaid',
      ],
    ];
    await bed.get(DataSource).transaction(async (manager) => {
      await manager.query('SET LOCAL enable_seqscan = off');
      for (const [query, index] of plans) {
        expect(JSON.stringify(await manager.query(`EXPLAIN ${query}`))).toContain(index);
      }
    });
  });
});
