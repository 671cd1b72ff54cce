import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds what quotes between ledgers of different currencies need: the debit of the payer's account, and the currency of
 * the other amounts. Also adds when a quote was shown.
 */
export class QuoteCurrencies1795300002600 implements MigrationInterface {
  readonly name = 'QuoteCurrencies1795300002600';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE quotes
        ADD COLUMN source_amount bigint,
        ADD COLUMN scale int NOT NULL DEFAULT 2,
        ADD COLUMN shown_at timestamptz,
        ADD CONSTRAINT quotes_source_amount_is_positive CHECK (source_amount > 0),
        ADD CONSTRAINT quotes_scale_is_known CHECK (scale BETWEEN 0 AND 9)`);
    await runner.query('UPDATE quotes SET source_amount = transfer_amount WHERE is_debit');
    await runner.query(`
      ALTER TABLE quotes
        ALTER COLUMN scale DROP DEFAULT,
        ADD CONSTRAINT quotes_debit_has_source CHECK ((source_amount IS NOT NULL) = is_debit)`);
    await runner.query(`
      CREATE INDEX quotes_of_receiver ON quotes (receiver, own_identifier, id) WHERE is_debit`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX quotes_of_receiver');
    await runner.query('ALTER TABLE quotes DROP COLUMN source_amount, DROP COLUMN scale, DROP COLUMN shown_at');
  }
}
