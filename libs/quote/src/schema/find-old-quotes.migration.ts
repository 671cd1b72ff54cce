import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds quotes that are over by age, so that old ones can be deleted. */
export class FindOldQuotes1796500002900 implements MigrationInterface {
  readonly name = 'FindOldQuotes1796500002900';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX quotes_over ON quotes (expires_at) WHERE status IN ('used', 'expired')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX quotes_over');
  }
}
