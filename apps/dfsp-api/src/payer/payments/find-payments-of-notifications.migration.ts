import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the payments of a notification, which is deleted only without any. */
export class FindPaymentsOfNotifications1796500005300 implements MigrationInterface {
  readonly name = 'FindPaymentsOfNotifications1796500005300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX outgoing_payments_of_notification ON outgoing_payments (notification_id)
      WHERE notification_id IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX outgoing_payments_of_notification');
  }
}
