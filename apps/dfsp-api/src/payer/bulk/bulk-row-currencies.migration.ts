import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows may say what their amount is in; those so far do not. */
export class BulkRowCurrencies1795300006100 implements MigrationInterface {
  readonly name = 'BulkRowCurrencies1795300006100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE bulk_payment_rows ADD COLUMN currency text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE bulk_payment_rows DROP COLUMN currency');
  }
}
