import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds payments that never came, and payments that are over, by age. */
export class FindOldIssuedPayments1796500000300 implements MigrationInterface {
  readonly name = 'FindOldIssuedPayments1796500000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX issued_payments_open ON issued_payments (expires_at) WHERE outcome IS NULL');
    await runner.query('CREATE INDEX issued_payments_over ON issued_payments (expires_at) WHERE told_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX issued_payments_over');
    await runner.query('DROP INDEX issued_payments_open');
  }
}
