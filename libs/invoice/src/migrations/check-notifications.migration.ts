import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pending notifications are compared with their invoices from time to time, those so far at once. */
export class CheckNotifications1796900002600 implements MigrationInterface {
  readonly name = 'CheckNotifications1796900002600';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE invoice_notifications
        ADD COLUMN check_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN checks int NOT NULL DEFAULT 0`);
    await runner.query(`
      CREATE INDEX invoice_notifications_to_check ON invoice_notifications (check_at) WHERE status = 'pending'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE invoice_notifications DROP COLUMN check_at, DROP COLUMN checks');
  }
}
