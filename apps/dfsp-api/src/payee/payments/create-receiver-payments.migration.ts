import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateReceiverPayments1700000004000 implements MigrationInterface {
  readonly name = 'CreateReceiverPayments1700000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE receiver_payments (
        payment_id uuid NOT NULL,
        invoice_id uuid REFERENCES invoices (id),
        identifier text NOT NULL,
        sender_identifier text NOT NULL,
        amount bigint NOT NULL,
        status text NOT NULL,
        fingerprint text NOT NULL,
        approval json NOT NULL,
        transfer_id uuid,
        expires_at timestamptz NOT NULL,
        check_at timestamptz NOT NULL,
        CONSTRAINT receiver_payments_pkey PRIMARY KEY (payment_id),
        CONSTRAINT receiver_payments_amount_is_positive CHECK (amount > 0),
        CONSTRAINT receiver_payments_status_is_known
          CHECK (status IN ('proposed', 'prepared', 'executed', 'rejected', 'expired'))
      )`);
    await runner.query(`
      CREATE INDEX receiver_payments_open ON receiver_payments (check_at) WHERE status IN ('proposed', 'prepared')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE receiver_payments');
  }
}
