import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateQuotes1700000002200 implements MigrationInterface {
  readonly name = 'CreateQuotes1700000002200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE quotes (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT quotes_pkey PRIMARY KEY,
        payment_id uuid NOT NULL,
        is_debit boolean NOT NULL,
        status text NOT NULL,
        identifier text NOT NULL,
        identifier_type text NOT NULL,
        transfer_type text NOT NULL,
        amount bigint NOT NULL,
        currency text NOT NULL,
        fee bigint NOT NULL,
        commission bigint NOT NULL,
        destination_account text,
        receiver text,
        ipr text,
        source_expiry_duration int,
        connector_account text,
        expires_at timestamptz NOT NULL,
        params jsonb NOT NULL,
        CONSTRAINT quotes_payment_side UNIQUE (payment_id, is_debit),
        CONSTRAINT quotes_amount_is_positive CHECK (amount > 0 AND fee >= 0 AND commission >= 0),
        CONSTRAINT quotes_status_is_known CHECK (status IN ('reserved', 'used', 'expired'))
      )`);
    await runner.query(`CREATE INDEX quotes_reserved_by_expiry ON quotes (expires_at) WHERE status = 'reserved'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE quotes');
  }
}
