import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stores issuer and expiry of notified invoices, so that open notifications can be limited and expire. */
export class BoundNotifications1795800002100 implements MigrationInterface {
  readonly name = 'BoundNotifications1795800002100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE invoice_notifications ADD COLUMN issuer text, ADD COLUMN expires_at timestamptz`);
    await runner.query(`
      CREATE INDEX invoice_notifications_of_issuer ON invoice_notifications (issuer, sender_identifier)
      WHERE status = 'pending'`);
    await runner.query(`
      CREATE INDEX invoice_notifications_pending_by_expiry ON invoice_notifications (expires_at)
      WHERE status = 'pending' AND expires_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE invoice_notifications DROP COLUMN issuer, DROP COLUMN expires_at');
  }
}
