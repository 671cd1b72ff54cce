import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An account can void an id for its own debits. Ids that are void already stay void for every account. */
export class VoidedDebits1797100000000 implements MigrationInterface {
  readonly name = 'VoidedDebits1797100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE voided_transfers
        ADD COLUMN debit_account text NOT NULL DEFAULT '',
        DROP CONSTRAINT voided_transfers_pkey,
        ADD CONSTRAINT voided_transfers_pkey PRIMARY KEY (id, debit_account)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM voided_transfers WHERE debit_account <> ''`);
    await runner.query(`
      ALTER TABLE voided_transfers
        DROP CONSTRAINT voided_transfers_pkey,
        ADD CONSTRAINT voided_transfers_pkey PRIMARY KEY (id),
        DROP COLUMN debit_account`);
  }
}
