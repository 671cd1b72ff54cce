import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keeps whom a payer paid, as the payer saw it: for receipts, longer than quotes are kept. */
export class NamePayees1798400006400 implements MigrationInterface {
  readonly name = 'NamePayees1798400006400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outgoing_payments ADD COLUMN payee_name text, ADD COLUMN payee_account text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outgoing_payments DROP COLUMN payee_name, DROP COLUMN payee_account');
  }
}
