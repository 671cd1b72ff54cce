import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts how often an account was disabled, from 0 for all accounts, so that valid tokens stay valid. */
export class CountDisabling1796300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE accounts ADD COLUMN times_disabled integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE accounts DROP COLUMN times_disabled');
  }
}
