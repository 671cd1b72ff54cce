import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Outcomes are told until a deadline, and are undeliverable then. Roles of the release before know nothing of the
 * columns: what they could not tell is tried again, and what they gave up they have marked as told.
 */
export class DeliverOutcomes1796900000400 implements MigrationInterface {
  readonly name = 'DeliverOutcomes1796900000400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE issued_payments
        ADD COLUMN tell_attempts int NOT NULL DEFAULT 0,
        ADD COLUMN tell_until timestamptz,
        ADD COLUMN tell_error_id text,
        ADD COLUMN tell_error text,
        ADD COLUMN given_up_at timestamptz,
        ADD COLUMN check_at timestamptz`);
    await runner.query(`
      CREATE INDEX issued_payments_failing ON issued_payments (ended_at, payment_id)
      WHERE tell_error_id IS NOT NULL AND told_at IS NULL`);
    await runner.query(`
      CREATE INDEX issued_payments_given_up ON issued_payments (given_up_at) WHERE given_up_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE issued_payments
        DROP COLUMN tell_attempts, DROP COLUMN tell_until, DROP COLUMN tell_error_id, DROP COLUMN tell_error,
        DROP COLUMN given_up_at, DROP COLUMN check_at`);
  }
}
