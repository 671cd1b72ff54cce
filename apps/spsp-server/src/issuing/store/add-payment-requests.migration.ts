import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments of which a payment request was made (contract 3.8) instead of a setup, or before it. */
export class AddPaymentRequests1795300000200 implements MigrationInterface {
  readonly name = 'AddPaymentRequests1795300000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE issued_payments
        ADD COLUMN ipr text,
        ADD COLUMN request_fingerprint text,
        ADD COLUMN data json,
        ALTER COLUMN fingerprint DROP NOT NULL,
        ALTER COLUMN sender_identifier DROP NOT NULL,
        ALTER COLUMN reply DROP NOT NULL,
        DROP CONSTRAINT issued_payments_has_one_target,
        ADD CONSTRAINT issued_payments_has_one_target CHECK (
          CASE WHEN fingerprint IS NULL THEN invoice_id IS NULL AND identifier IS NULL
               ELSE (invoice_id IS NULL) <> (identifier IS NULL) END),
        ADD CONSTRAINT issued_payments_was_asked_for CHECK (num_nonnulls(fingerprint, request_fingerprint) > 0),
        ADD CONSTRAINT issued_payments_request_is_complete CHECK ((ipr IS NULL) = (request_fingerprint IS NULL)),
        ADD CONSTRAINT issued_payments_setup_is_complete CHECK (
          (fingerprint IS NULL) = (reply IS NULL) AND (fingerprint IS NULL OR sender_identifier IS NOT NULL))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM issued_payments WHERE fingerprint IS NULL');
    await runner.query(`
      ALTER TABLE issued_payments
        DROP CONSTRAINT issued_payments_was_asked_for,
        DROP CONSTRAINT issued_payments_request_is_complete,
        DROP CONSTRAINT issued_payments_setup_is_complete,
        DROP CONSTRAINT issued_payments_has_one_target,
        ADD CONSTRAINT issued_payments_has_one_target CHECK ((invoice_id IS NULL) <> (identifier IS NULL)),
        ALTER COLUMN fingerprint SET NOT NULL,
        ALTER COLUMN sender_identifier SET NOT NULL,
        ALTER COLUMN reply SET NOT NULL,
        DROP COLUMN ipr, DROP COLUMN request_fingerprint, DROP COLUMN data`);
  }
}
