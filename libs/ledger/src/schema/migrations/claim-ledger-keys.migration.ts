import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys that prove late claims can be given at run time, with the account that claims. */
export class ClaimLedgerKeys1798400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE accounts ADD COLUMN claim_ledger_keys text[] NOT NULL DEFAULT '{}',
        ADD CONSTRAINT accounts_claim_ledger_keys CHECK (
          claim_ledger_keys = '{}' OR account_type IN ('con', 'dfsp'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE accounts DROP COLUMN claim_ledger_keys');
  }
}
