import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Operators look for rows that were not paid by the number of their payee. */
export class FindRefusedRows1798500006500 implements MigrationInterface {
  readonly name = 'FindRefusedRows1798500006500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX bulk_payment_rows_not_paid ON bulk_payment_rows (identifier)
      WHERE status IN ('refused', 'failed')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX bulk_payment_rows_not_paid');
  }
}
