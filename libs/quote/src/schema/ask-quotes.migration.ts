import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stores which DFSP requested a quote, so that the open quotes of one DFSP can be limited. */
export class AskQuotes1795800002800 implements MigrationInterface {
  readonly name = 'AskQuotes1795800002800';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE quotes ADD COLUMN asked_by text');
    await runner.query(`
      CREATE INDEX quotes_asked_by ON quotes (asked_by, own_identifier) WHERE status = 'reserved' AND NOT is_debit`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE quotes DROP COLUMN asked_by');
  }
}
