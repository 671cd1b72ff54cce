import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments that a DFSP refused are listed by their requests, which are few of all spans. */
export class FindRefusedPayments1796900000600 implements MigrationInterface {
  readonly name = 'FindRefusedPayments1796900000600';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX spans_refused ON spans (started_at, id)
      WHERE role = 'dfsp-api' AND kind = 'server' AND status >= 400 AND payment_id IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX spans_refused');
  }
}
