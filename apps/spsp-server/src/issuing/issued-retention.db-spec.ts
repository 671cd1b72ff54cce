import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Retention } from '@level-one/work';
import { DataSource } from 'typeorm';
import { SpspServerTestBed } from '../../test/test-bed.js';

describe('payments that an SPSP server issued', () => {
  let bed: SpspServerTestBed;

  beforeAll(async () => {
    bed = await SpspServerTestBed.start();
    bed.reset();
  });
  afterAll(() => bed?.stop());

  it('are forgotten RETENTION_DAYS after they are over and the DFSP was told, and no others', async () => {
    const { app } = bed.server;
    const database = app.get(DataSource, { strict: false });
    const old = (await bed.newSetup()).id;
    const undeliverable = (await bed.newSetup()).id;
    const [untold, recent, open] = [await bed.newSetup(), await bed.newSetup(), await bed.newSetup()].map(
      ({ id }) => id,
    );
    await database.query(
      `UPDATE issued_payments SET outcome = 'executed', ended_at = now(), tell_after = now() + interval '1 day'
       WHERE payment_id <> $1`,
      [open],
    );
    await database.query('UPDATE issued_payments SET told_at = now() WHERE payment_id = ANY ($1)', [[old, recent]]);
    await database.query(`UPDATE issued_payments SET given_up_at = now() - interval '91 days' WHERE payment_id = $1`, [
      undeliverable,
    ]);
    await database.query(`UPDATE issued_payments SET expires_at = now() - interval '91 days' WHERE payment_id <> $1`, [
      recent,
    ]);
    await app.get(Retention, { strict: false }).deleteOld();
    const kept = await database.query('SELECT payment_id AS id FROM issued_payments');
    expect(new Set(kept.map(({ id }: { id: string }) => id))).toEqual(new Set([untold, recent, open]));
  });
});
