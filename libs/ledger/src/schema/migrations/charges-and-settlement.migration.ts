import type { MigrationInterface, QueryRunner } from 'typeorm';

const NAMES = [
  ['entries', 'entries_transfer_fkey'],
  ['entries', 'entries_account_fkey'],
  ['holds', 'holds_transfer_fkey'],
  ['holds', 'holds_account_fkey'],
  ['events', 'events_transfer_fkey'],
] as const;

/**
 * Adds charges of transfers, charges of the scheme, settlements, net debit caps and closed accounts. Replaces foreign
 * keys, which cost a look-up per row, by triggers that refuse deletion.
 */
export class ChargesAndSettlement1795200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, name] of NAMES) await runner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
    await runner.query(`
      ALTER TABLE holds DROP CONSTRAINT holds_pkey, ADD CONSTRAINT holds_pkey PRIMARY KEY (transfer_id, account)`);
    await runner.query(`
      ALTER TABLE accounts
        ADD COLUMN position_base bigint NOT NULL DEFAULT 0,
        ADD COLUMN net_debit_cap bigint,
        ADD COLUMN closed_at timestamptz,
        ADD CONSTRAINT accounts_net_debit_cap_is_not_negative CHECK (net_debit_cap >= 0),
        ADD CONSTRAINT accounts_closed_is_disabled CHECK (
          closed_at IS NULL OR (is_disabled AND posted = 0 AND held = 0)
        )`);
    await this.giveEntriesTheirKind(runner);
    await this.createCharges(runner);
    await this.createSettlements(runner);
    for (const table of ['accounts', 'transfers', 'events']) {
      await runner.query(`
        CREATE TRIGGER ${table}_are_kept BEFORE DELETE OR TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
    }
    // The clock of the ledger, in one function that tests can replace.
    await runner.query(`
      CREATE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()'`);
    await runner.query(`
      CREATE FUNCTION last_entry_at(moment timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE STRICT AS $$
      DECLARE
        low bigint := 0;
        high bigint := (SELECT coalesce(max(id), 0) FROM entries);
        middle bigint;
      BEGIN
        -- Entries are numbered in the order of booking, so their times need no index of their own.
        WHILE low < high LOOP
          middle := (low + high + 1) / 2;
          IF (SELECT booked_at FROM entries WHERE id >= middle ORDER BY id LIMIT 1) <= moment THEN
            low := middle;
          ELSE
            high := middle - 1;
          END IF;
        END LOOP;
        RETURN low;
      END $$`);
  }

  private async giveEntriesTheirKind(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE entries
        ADD COLUMN kind text NOT NULL DEFAULT 'transfer',
        ADD CONSTRAINT entries_kind_is_known CHECK (kind IN ('transfer', 'fee', 'commission', 'issuance'))`);
    await runner.query('ALTER TABLE entries DISABLE TRIGGER entries_are_immutable');
    await runner.query(`
      UPDATE entries SET kind = 'issuance' FROM transfers
      WHERE transfers.id = transfer_id AND 'issuance' IN (debit_account, credit_account)`);
    await runner.query('ALTER TABLE entries ENABLE TRIGGER entries_are_immutable');
    await runner.query(`
      UPDATE accounts SET position_base = issued.amount
      FROM (SELECT account, sum(amount) AS amount FROM entries WHERE kind = 'issuance' GROUP BY account) AS issued
      WHERE name = issued.account`);
  }

  private async createCharges(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE charges (
        transfer_id uuid NOT NULL,
        position smallint NOT NULL,
        debit_account text NOT NULL,
        credit_account text NOT NULL,
        amount bigint NOT NULL,
        kind text NOT NULL,
        put_at timestamptz NOT NULL,
        is_waiting boolean NOT NULL,
        CONSTRAINT charges_pkey PRIMARY KEY (transfer_id, position),
        CONSTRAINT charges_amount_is_positive CHECK (amount > 0),
        CONSTRAINT charges_kind_is_known CHECK (kind IN ('fee', 'commission')),
        CONSTRAINT charges_between_two_accounts CHECK (debit_account <> credit_account)
      )`);
    await runner.query('CREATE INDEX charges_waiting_by_time ON charges (put_at) WHERE is_waiting');
    await runner.query(`
      CREATE TABLE scheme_charges (
        name text NOT NULL,
        code text NOT NULL,
        rate_type text NOT NULL,
        rate bigint NOT NULL,
        minimum bigint NOT NULL,
        maximum bigint,
        is_active boolean NOT NULL,
        payer text NOT NULL,
        payee text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT scheme_charges_pkey PRIMARY KEY (name),
        CONSTRAINT scheme_charges_parties_differ CHECK (payer <> payee),
        CONSTRAINT scheme_charges_rate_is_positive CHECK (rate > 0),
        CONSTRAINT scheme_charges_bounds CHECK (minimum >= 0 AND (maximum IS NULL OR maximum >= minimum))
      )`);
  }

  private async createSettlements(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE settlements (
        id uuid NOT NULL,
        after_entry bigint NOT NULL,
        to_entry bigint NOT NULL,
        transfer_count bigint NOT NULL,
        settled_at timestamptz NOT NULL,
        CONSTRAINT settlements_pkey PRIMARY KEY (id),
        CONSTRAINT settlements_range CHECK (to_entry >= after_entry),
        CONSTRAINT settlements_settle_once EXCLUDE USING gist (int8range(after_entry, to_entry, '(]') WITH &&)
      )`);
    await runner.query(`
      CREATE TABLE settlement_positions (
        settlement_id uuid NOT NULL,
        account text NOT NULL,
        payments bigint NOT NULL,
        receipts bigint NOT NULL,
        fee_payments bigint NOT NULL,
        fee_receipts bigint NOT NULL,
        CONSTRAINT settlement_positions_pkey PRIMARY KEY (settlement_id, account),
        CONSTRAINT settlement_positions_settlement_fkey FOREIGN KEY (settlement_id) REFERENCES settlements (id)
      )`);
    for (const table of ['settlements', 'settlement_positions']) {
      await runner.query(`
        CREATE TRIGGER ${table}_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
    }
  }

  /**
   * Fails, and changes nothing, while a prepared transfer holds on two accounts, which the schema before cannot store.
   */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION last_entry_at(timestamptz)');
    await runner.query('DROP FUNCTION ledger_now()');
    for (const table of ['accounts', 'transfers', 'events']) {
      await runner.query(`DROP TRIGGER ${table}_are_kept ON ${table}`);
    }
    await runner.query('DROP TABLE settlement_positions, settlements, scheme_charges, charges');
    await runner.query('ALTER TABLE entries DROP COLUMN kind');
    await runner.query(`
      ALTER TABLE accounts DROP COLUMN position_base, DROP COLUMN net_debit_cap, DROP COLUMN closed_at`);
    await runner.query(
      'ALTER TABLE holds DROP CONSTRAINT holds_pkey, ADD CONSTRAINT holds_pkey PRIMARY KEY (transfer_id)',
    );
    for (const [table, name] of NAMES) {
      const [column, target] = name.includes('account')
        ? ['account', 'accounts (name)']
        : ['transfer_id', 'transfers (id)'];
      await runner.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY (${column}) REFERENCES ${target}`);
    }
  }
}
