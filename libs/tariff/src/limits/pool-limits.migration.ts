import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts reservations of payments that have not begun against the requesting DFSP only. */
export class PoolLimits1795800002700 implements MigrationInterface {
  readonly name = 'PoolLimits1795800002700';

  async up(runner: QueryRunner): Promise<void> {
    // Existing reservations stay counted for all until they end.
    await runner.query(`ALTER TABLE limit_reservations ADD COLUMN pool text NOT NULL DEFAULT ''`);
    await runner.query('ALTER TABLE limit_reservations ALTER COLUMN pool DROP DEFAULT');
    await runner.query(`ALTER TABLE limit_usage ADD COLUMN pool text NOT NULL DEFAULT ''`);
    await runner.query('ALTER TABLE limit_usage ALTER COLUMN pool DROP DEFAULT');
    await runner.query(`
      ALTER TABLE limit_usage DROP CONSTRAINT limit_usage_pkey,
        ADD CONSTRAINT limit_usage_pkey
          PRIMARY KEY (subject, side, currency, transfer_type, period, starts_on, pool)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE limit_reservations DROP COLUMN pool');
    await runner.query(`
      CREATE TEMPORARY TABLE summed ON COMMIT DROP AS
      SELECT subject, side, currency, transfer_type, period, starts_on, sum(amount)::bigint AS amount, sum(count)::int AS count
      FROM limit_usage GROUP BY 1, 2, 3, 4, 5, 6`);
    await runner.query('DELETE FROM limit_usage');
    await runner.query('ALTER TABLE limit_usage DROP CONSTRAINT limit_usage_pkey, DROP COLUMN pool');
    await runner.query(`
      INSERT INTO limit_usage (subject, side, currency, transfer_type, period, starts_on, amount, count)
      SELECT * FROM summed`);
    await runner.query(`
      ALTER TABLE limit_usage ADD CONSTRAINT limit_usage_pkey
        PRIMARY KEY (subject, side, currency, transfer_type, period, starts_on)`);
  }
}
