import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists have a deadline. Those that are there, and those of roles of the release before, get one in a day. */
export class BulkDeadlines1796900006100 implements MigrationInterface {
  readonly name = 'BulkDeadlines1796900006100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE bulk_payments ADD COLUMN ask_until timestamptz NOT NULL DEFAULT now() + interval '1 day'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE bulk_payments DROP COLUMN ask_until');
  }
}
