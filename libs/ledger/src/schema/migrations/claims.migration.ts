import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Claims1798200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE claims (
        transfer_id uuid NOT NULL,
        creditor text NOT NULL,
        amount bigint NOT NULL,
        fulfillment text NOT NULL,
        statement text NOT NULL,
        claimed_at timestamptz NOT NULL,
        is_automatic boolean NOT NULL,
        approved_by text[] NOT NULL,
        approved_at timestamptz,
        account text,
        booking_id uuid NOT NULL,
        booked_at timestamptz,
        refused_at timestamptz,
        refused_by text,
        refusal text,
        CONSTRAINT claims_pkey PRIMARY KEY (transfer_id),
        CONSTRAINT claims_amount_is_positive CHECK (amount > 0),
        CONSTRAINT claims_one_end CHECK (approved_at IS NULL OR refused_at IS NULL),
        CONSTRAINT claims_approved_by_two CHECK (
          approved_at IS NULL OR is_automatic OR cardinality(approved_by) >= 2
        ),
        CONSTRAINT claims_booked_when_approved CHECK (
          booked_at IS NULL OR (approved_at IS NOT NULL AND account IS NOT NULL)
        )
      )`);
    await runner.query(`
      CREATE INDEX claims_open ON claims (claimed_at, transfer_id) WHERE booked_at IS NULL AND refused_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE claims');
  }
}
