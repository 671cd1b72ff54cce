import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds notices that are over by age, so that old ones can be deleted. */
export class FindOldNotices1796500003100 implements MigrationInterface {
  readonly name = 'FindOldNotices1796500003100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX notices_over ON notices (created_at) WHERE status IN ('delivered', 'givenUp')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX notices_over');
  }
}
