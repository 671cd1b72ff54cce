import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds to fee rules the part that the payer's DFSP has already charged; null in existing rules. */
export class CreditPayerFees1795300002700 implements MigrationInterface {
  readonly name = 'CreditPayerFees1795300002700';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE fee_rules
        ADD COLUMN payer_fee_credit numeric,
        ADD CONSTRAINT fee_rules_credit_is_of_a_fee CHECK (payer_fee_credit IS NULL OR payer_fee_credit >= 0 AND kind = 'fee')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE fee_rules DROP COLUMN payer_fee_credit');
  }
}
