import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateIssuedPayments1700000000100 implements MigrationInterface {
  readonly name = 'CreateIssuedPayments1700000000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE issued_payments (
        payment_id uuid NOT NULL,
        fingerprint text NOT NULL,
        invoice_id text,
        identifier text,
        sender_identifier text NOT NULL,
        memo json,
        account text NOT NULL,
        amount bigint NOT NULL,
        packet text NOT NULL,
        condition text NOT NULL,
        expires_at timestamptz NOT NULL,
        reply json NOT NULL,
        outcome text,
        ended_at timestamptz,
        told_at timestamptz,
        tell_after timestamptz,
        CONSTRAINT issued_payments_pkey PRIMARY KEY (payment_id),
        CONSTRAINT issued_payments_amount_is_positive CHECK (amount > 0),
        CONSTRAINT issued_payments_has_one_target CHECK ((invoice_id IS NULL) <> (identifier IS NULL)),
        CONSTRAINT issued_payments_outcome_is_known CHECK (outcome IN ('executed', 'rejected', 'expired')),
        CONSTRAINT issued_payments_end_is_complete
          CHECK ((outcome IS NULL) = (ended_at IS NULL) AND (outcome IS NULL) = (tell_after IS NULL))
      )`);
    await runner.query(`
      CREATE INDEX issued_payments_untold ON issued_payments (tell_after)
      WHERE outcome IS NOT NULL AND told_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE issued_payments');
  }
}
