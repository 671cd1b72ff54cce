import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An account tells how often it was disabled. Earlier times are not known: tokens that are good stay good. */
export class CountDisabling1796300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE accounts ADD COLUMN times_disabled integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE accounts DROP COLUMN times_disabled');
  }
}
