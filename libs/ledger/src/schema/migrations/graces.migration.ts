import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Transfers have an end of their own, accounts a grace, and ids can be void. Open transfers that credit a connector or
 * a DFSP get the default grace of this ledger. Holders of the right `charge` get the right `void` too.
 */
abstract class Graces implements MigrationInterface {
  readonly name = 'Graces1797000000000';

  /** Default of `LATE_GRACE_S`. */
  protected abstract readonly graceS: number;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE transfers ADD COLUMN open_until timestamptz');
    await runner.query(`
      ALTER TABLE accounts ADD COLUMN grace_s integer,
        ADD CONSTRAINT accounts_grace CHECK (
          grace_s IS NULL OR (grace_s BETWEEN 0 AND 86400 AND account_type IN ('con', 'dfsp')))`);
    await runner.query(`
      UPDATE transfers SET open_until = expires_at + CASE
        WHEN account_type IN ('con', 'dfsp') THEN interval '${this.graceS} s' ELSE interval '0'
      END
      FROM accounts WHERE name = credit_account AND state = 'prepared'`);
    await runner.query(`
      UPDATE accounts SET rights = array_append(rights, 'void') WHERE 'charge' = ANY(rights)`);
    await runner.query(`
      CREATE TABLE voided_transfers (
        id uuid NOT NULL,
        voided_at timestamptz NOT NULL,
        CONSTRAINT voided_transfers_pkey PRIMARY KEY (id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE voided_transfers');
    await runner.query(`UPDATE accounts SET rights = array_remove(rights, 'void')`);
    await runner.query('ALTER TABLE accounts DROP COLUMN grace_s');
    await runner.query('ALTER TABLE transfers DROP COLUMN open_until');
  }
}

/** For a DFSP's ledger. */
export class CustomerGraces extends Graces {
  protected readonly graceS = 600;
}

/** For the central ledger. */
export class DfspGraces extends Graces {
  protected readonly graceS = 300;
}
