import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts that were mapped before the ledger was asked what they are for are asked about when they are used. */
export class CheckCustomerAccounts1795800001100 implements MigrationInterface {
  readonly name = 'CheckCustomerAccounts1795800001100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE customer_accounts ADD COLUMN is_checked boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE customer_accounts DROP COLUMN is_checked');
  }
}
