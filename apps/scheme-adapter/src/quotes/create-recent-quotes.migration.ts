import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Quotes that were got through a scheme adapter. */
export class CreateRecentQuotes1798400000200 implements MigrationInterface {
  readonly name = 'CreateRecentQuotes1798400000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE recent_quotes (
        payment_id uuid PRIMARY KEY,
        answer json NOT NULL,
        expires_at timestamptz NOT NULL,
        is_used boolean NOT NULL
      )`);
    await runner.query('CREATE INDEX recent_quotes_by_expiry ON recent_quotes (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recent_quotes');
  }
}
