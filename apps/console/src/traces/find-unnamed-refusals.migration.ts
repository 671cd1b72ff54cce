import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests that were refused before they had the id of a payment are listed too. */
export class FindUnnamedRefusals1798500000700 implements MigrationInterface {
  readonly name = 'FindUnnamedRefusals1798500000700';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX spans_refused_unnamed ON spans (started_at, id)
      WHERE role = 'dfsp-api' AND kind = 'server' AND status >= 400 AND payment_id IS NULL AND method <> 'GET'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX spans_refused_unnamed');
  }
}
