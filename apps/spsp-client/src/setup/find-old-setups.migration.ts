import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds setups by age, so that old ones can be deleted. */
export class FindOldSetups1796500000400 implements MigrationInterface {
  readonly name = 'FindOldSetups1796500000400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX setups_by_age ON setups (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX setups_by_age');
  }
}
