import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments of quotes, which need no invoice, and what they cost. */
export class QuoteOutgoingPayments1795300005100 implements MigrationInterface {
  readonly name = 'QuoteOutgoingPayments1795300005100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE outgoing_payments
        ADD COLUMN is_quoted boolean NOT NULL DEFAULT false,
        ADD COLUMN commission bigint NOT NULL DEFAULT 0 CHECK (commission >= 0),
        ALTER COLUMN invoice_url DROP NOT NULL,
        ADD CONSTRAINT outgoing_payments_is_for_something CHECK (invoice_url IS NOT NULL OR is_quoted)`);
    await runner.query(`
      ALTER TABLE outgoing_payments ALTER COLUMN is_quoted DROP DEFAULT, ALTER COLUMN commission DROP DEFAULT`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM outgoing_payments WHERE invoice_url IS NULL');
    await runner.query(`
      ALTER TABLE outgoing_payments
        DROP COLUMN is_quoted, DROP COLUMN commission, ALTER COLUMN invoice_url SET NOT NULL`);
  }
}
