import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The head counts the writes of the ledger, those without an event too. */
export class CountWrites1796400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ledger_head ADD COLUMN writes bigint NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ledger_head DROP COLUMN writes');
  }
}
