import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOutgoingPayments1700000005000 implements MigrationInterface {
  readonly name = 'CreateOutgoingPayments1700000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outgoing_payments (
        payment_id uuid NOT NULL,
        invoice_url text NOT NULL,
        notification_id uuid REFERENCES invoice_notifications (id),
        payer_identifier text NOT NULL,
        account text NOT NULL,
        amount bigint NOT NULL,
        fee bigint NOT NULL,
        status text NOT NULL,
        expires_at timestamptz,
        fulfillment text,
        rejection_message json,
        check_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT outgoing_payments_pkey PRIMARY KEY (payment_id),
        CONSTRAINT outgoing_payments_amount_is_positive CHECK (amount > 0 AND fee >= 0),
        CONSTRAINT outgoing_payments_status_is_known
          CHECK (status IN ('settingUp', 'paying', 'executed', 'rejected', 'expired', 'failed'))
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX outgoing_payments_one_open ON outgoing_payments (invoice_url, payer_identifier)
      WHERE status IN ('settingUp', 'paying')`);
    await runner.query(`
      CREATE INDEX outgoing_payments_open ON outgoing_payments (check_at) WHERE status IN ('settingUp', 'paying')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outgoing_payments');
  }
}
