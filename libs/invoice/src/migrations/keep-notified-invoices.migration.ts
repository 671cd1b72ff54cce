import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps with a notification what its issuer said of the invoice; of older notifications nothing is known. */
export class KeepNotifiedInvoices1798600002800 implements MigrationInterface {
  readonly name = 'KeepNotifiedInvoices1798600002800';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE invoice_notifications ADD COLUMN invoice jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE invoice_notifications DROP COLUMN invoice');
  }
}
