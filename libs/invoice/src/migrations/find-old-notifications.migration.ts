import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds notifications that are over by age, so that old ones can be deleted. */
export class FindOldNotifications1796500002300 implements MigrationInterface {
  readonly name = 'FindOldNotifications1796500002300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX invoice_notifications_over ON invoice_notifications (created_at)
      WHERE status IN ('rejected', 'cancelled', 'expired')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX invoice_notifications_over');
  }
}
