import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateBulkPayments1795300006000 implements MigrationInterface {
  readonly name = 'CreateBulkPayments1795300006000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE bulk_payments (
        id uuid CONSTRAINT bulk_payments_pkey PRIMARY KEY,
        payer_identifier text NOT NULL,
        account text NOT NULL,
        amount_type text NOT NULL,
        status text NOT NULL,
        fingerprint text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT bulk_payments_status_is_known
          CHECK (status IN ('checking', 'checked', 'paying', 'done', 'cancelled')),
        CONSTRAINT bulk_payments_amount_type_is_known CHECK (amount_type IN ('SEND', 'RECEIVE'))
      )`);
    await runner.query(`
      CREATE TABLE bulk_payment_rows (
        bulk_id uuid NOT NULL REFERENCES bulk_payments (id),
        line int NOT NULL,
        identifier text NOT NULL,
        amount text NOT NULL,
        status text NOT NULL,
        payment_id uuid NOT NULL,
        name text,
        source_amount bigint,
        fee bigint NOT NULL,
        receive_amount text,
        error_id text,
        message text,
        attempts int NOT NULL,
        check_at timestamptz NOT NULL,
        CONSTRAINT bulk_payment_rows_pkey PRIMARY KEY (bulk_id, line),
        CONSTRAINT bulk_payment_rows_status_is_known
          CHECK (status IN ('waiting', 'checked', 'refused', 'paying', 'paid', 'failed', 'cancelled'))
      )`);
    await runner.query('CREATE UNIQUE INDEX bulk_payment_rows_one_payment ON bulk_payment_rows (payment_id)');
    await runner.query(`
      CREATE INDEX bulk_payment_rows_open ON bulk_payment_rows (check_at)
      WHERE status IN ('waiting', 'checked', 'paying')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bulk_payment_rows, bulk_payments');
  }
}
