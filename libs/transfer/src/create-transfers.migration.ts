import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateTransfers1795000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE transfers (
        id uuid NOT NULL,
        debit_account text NOT NULL,
        credit_account text NOT NULL,
        amount bigint NOT NULL,
        debit_memo json,
        credit_memo json,
        additional_info json,
        execution_condition text,
        cancellation_condition text,
        expires_at timestamptz,
        state text NOT NULL,
        authorized boolean NOT NULL,
        proposed_at timestamptz NOT NULL,
        prepared_at timestamptz,
        executed_at timestamptz,
        rejected_at timestamptz,
        rejection_reason text,
        rejection_message json,
        fulfillment text,
        CONSTRAINT transfers_pkey PRIMARY KEY (id),
        CONSTRAINT transfers_amount_is_positive CHECK (amount > 0),
        CONSTRAINT transfers_state_is_known CHECK (state IN ('proposed', 'prepared', 'executed', 'rejected')),
        CONSTRAINT transfers_conditional_expires CHECK (execution_condition IS NULL OR expires_at IS NOT NULL)
      )`);
    await runner.query(`
      CREATE INDEX transfers_open_by_expiry ON transfers (expires_at) WHERE state IN ('proposed', 'prepared')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE transfers');
  }
}
