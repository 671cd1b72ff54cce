import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Settlements become windows: open, closed, settled. The statement that closes one opens the next. Settlements of
 * before reset the positions when they were made, and count as settled; so do those that an instance of the release
 * before still makes.
 */
export class SettlementWindows1798100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE settlements ADD COLUMN resets_positions boolean NOT NULL DEFAULT true');
    await this.createWindows(runner);
    await this.createConfirmations(runner);
    await runner.query(`
      CREATE TABLE settlement_bank_accounts (
        account text NOT NULL,
        holder text NOT NULL,
        iban text,
        other_id text,
        bic text,
        CONSTRAINT settlement_bank_accounts_pkey PRIMARY KEY (account),
        CONSTRAINT settlement_bank_accounts_one_id CHECK (num_nonnulls(iban, other_id) = 1)
      )`);
    await runner.query(`
      ALTER TABLE entries DROP CONSTRAINT entries_kind_is_known,
        ADD CONSTRAINT entries_kind_is_known CHECK (
          kind IN ('transfer', 'fee', 'commission', 'issuance', 'settlement'))`);
  }

  private async createWindows(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE settlement_windows (
        number bigint NOT NULL,
        id uuid NOT NULL,
        opened_at timestamptz NOT NULL,
        CONSTRAINT settlement_windows_pkey PRIMARY KEY (number),
        CONSTRAINT settlement_windows_id UNIQUE (id)
      )`);
    await runner.query(`
      INSERT INTO settlement_windows (number, id, opened_at)
      SELECT row_number() OVER in_order, id,
        coalesce(lag(settled_at) OVER in_order, (SELECT booked_at FROM entries ORDER BY id LIMIT 1), settled_at)
      FROM settlements WINDOW in_order AS (ORDER BY to_entry, settled_at, id)`);
    await runner.query(`
      INSERT INTO settlement_windows (number, id, opened_at)
      SELECT count(*) + 1, gen_random_uuid(), coalesce(max(settled_at), ledger_now()) FROM settlements`);
    await runner.query(`
      CREATE FUNCTION open_next_window() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        last bigint := (SELECT max(number) FROM settlement_windows);
      BEGIN
        -- An instance of the release before chooses the id when it closes.
        UPDATE settlement_windows SET id = NEW.id WHERE number = last AND id <> NEW.id;
        INSERT INTO settlement_windows (number, id, opened_at) VALUES (last + 1, gen_random_uuid(), NEW.settled_at);
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER settlements_open_the_next AFTER INSERT ON settlements
      FOR EACH ROW EXECUTE FUNCTION open_next_window()`);
    await runner.query(`
      CREATE TRIGGER settlement_windows_are_kept BEFORE DELETE OR TRUNCATE ON settlement_windows
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
  }

  private async createConfirmations(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE settlement_confirmations (
        account text NOT NULL,
        reference text NOT NULL,
        settlement_id uuid NOT NULL,
        transfer_id uuid NOT NULL,
        amount bigint NOT NULL,
        confirmed_at timestamptz NOT NULL,
        CONSTRAINT settlement_confirmations_pkey PRIMARY KEY (account, reference),
        CONSTRAINT settlement_confirmations_amount_is_not_zero CHECK (amount <> 0)
      )`);
    await runner.query(`
      CREATE INDEX settlement_confirmations_by_settlement ON settlement_confirmations (settlement_id, account)`);
    await runner.query(`
      CREATE TRIGGER settlement_confirmations_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE
      ON settlement_confirmations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
  }

  /** Fails, and changes nothing, once a settlement was confirmed: the schema before cannot store its entries. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE entries DROP CONSTRAINT entries_kind_is_known,
        ADD CONSTRAINT entries_kind_is_known CHECK (kind IN ('transfer', 'fee', 'commission', 'issuance'))`);
    await runner.query('DROP TABLE settlement_bank_accounts, settlement_confirmations');
    await runner.query('DROP TRIGGER settlements_open_the_next ON settlements');
    await runner.query('DROP FUNCTION open_next_window()');
    await runner.query('DROP TABLE settlement_windows');
    await runner.query('ALTER TABLE settlements DROP COLUMN resets_positions');
  }
}
