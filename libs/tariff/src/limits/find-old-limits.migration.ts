import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds reservations that are over and counters of past periods by age, so that old ones can be deleted. */
export class FindOldLimits1796500002950 implements MigrationInterface {
  readonly name = 'FindOldLimits1796500002950';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX limit_reservations_over ON limit_reservations (day) WHERE status IN ('confirmed', 'released')`,
    );
    await runner.query('CREATE INDEX limit_usage_by_start ON limit_usage (starts_on)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX limit_usage_by_start');
    await runner.query('DROP INDEX limit_reservations_over');
  }
}
