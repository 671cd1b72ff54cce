import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateLedger1795000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger_head (
        id smallint NOT NULL,
        last_sequence bigint NOT NULL,
        CONSTRAINT ledger_head_pkey PRIMARY KEY (id),
        CONSTRAINT ledger_head_is_one_row CHECK (id = 1)
      )`);
    await runner.query('INSERT INTO ledger_head (id, last_sequence) VALUES (1, 0)');
    await runner.query(`
      CREATE TABLE accounts (
        name text NOT NULL,
        posted bigint NOT NULL,
        held bigint NOT NULL,
        minimum_allowed_balance bigint,
        is_disabled boolean NOT NULL,
        account_type text,
        connector text,
        rights text[] NOT NULL,
        password_hash text,
        CONSTRAINT accounts_pkey PRIMARY KEY (name),
        CONSTRAINT accounts_held_is_not_negative CHECK (held >= 0),
        CONSTRAINT accounts_floor CHECK (
          minimum_allowed_balance IS NULL OR posted - held >= minimum_allowed_balance
        )
      )`);
    await runner.query(`
      CREATE TABLE entries (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        transfer_id uuid NOT NULL,
        account text NOT NULL,
        amount bigint NOT NULL,
        balance bigint NOT NULL,
        booked_at timestamptz NOT NULL,
        CONSTRAINT entries_pkey PRIMARY KEY (id),
        CONSTRAINT entries_amount_is_not_zero CHECK (amount <> 0),
        CONSTRAINT entries_transfer_fkey FOREIGN KEY (transfer_id) REFERENCES transfers (id),
        CONSTRAINT entries_account_fkey FOREIGN KEY (account) REFERENCES accounts (name)
      )`);
    await runner.query('CREATE INDEX entries_by_account ON entries (account, id)');
    await runner.query(`
      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% of % is refused: what is booked stays booked', TG_OP, TG_TABLE_NAME;
      END $$`);
    await runner.query(`
      CREATE TRIGGER entries_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
    await runner.query(`
      CREATE TABLE holds (
        transfer_id uuid NOT NULL,
        account text NOT NULL,
        amount bigint NOT NULL,
        CONSTRAINT holds_pkey PRIMARY KEY (transfer_id),
        CONSTRAINT holds_amount_is_positive CHECK (amount > 0),
        CONSTRAINT holds_transfer_fkey FOREIGN KEY (transfer_id) REFERENCES transfers (id),
        CONSTRAINT holds_account_fkey FOREIGN KEY (account) REFERENCES accounts (name)
      )`);
    await runner.query(`
      CREATE TABLE events (
        sequence bigint NOT NULL,
        id uuid NOT NULL,
        transfer_id uuid,
        state text,
        message json,
        CONSTRAINT events_pkey PRIMARY KEY (sequence),
        CONSTRAINT events_transfer_or_message CHECK (
          (transfer_id IS NULL) = (state IS NULL) AND (transfer_id IS NULL) <> (message IS NULL)
        ),
        CONSTRAINT events_transfer_fkey FOREIGN KEY (transfer_id) REFERENCES transfers (id)
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX events_one_final_state ON events (transfer_id) WHERE state IN ('executed', 'rejected')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE events, holds, entries, accounts, ledger_head');
    await runner.query('DROP FUNCTION refuse_change');
  }
}
