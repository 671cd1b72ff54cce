import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments to customers that were quoted. */
export class QuoteReceiverPayments1795300004100 implements MigrationInterface {
  readonly name = 'QuoteReceiverPayments1795300004100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE receiver_payments ADD COLUMN is_quoted boolean NOT NULL DEFAULT false');
    await runner.query('ALTER TABLE receiver_payments ALTER COLUMN is_quoted DROP DEFAULT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE receiver_payments DROP COLUMN is_quoted');
  }
}
