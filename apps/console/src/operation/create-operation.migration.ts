import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateConsoleOperation1796900000400 implements MigrationInterface {
  readonly name = 'CreateConsoleOperation1796900000400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE spans ADD COLUMN version text');
    await runner.query(`
      CREATE TABLE position_samples (
        at timestamptz NOT NULL DEFAULT now(),
        account text NOT NULL,
        net numeric NOT NULL,
        held numeric NOT NULL,
        net_debit_cap numeric,
        PRIMARY KEY (at, account)
      )`);
    await runner.query(`
      CREATE TABLE reconciliations (
        id uuid PRIMARY KEY,
        begun_by text NOT NULL,
        begun_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed')),
        result jsonb
      )`);
    await runner.query(`CREATE UNIQUE INDEX reconciliations_one ON reconciliations (state) WHERE state = 'running'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reconciliations');
    await runner.query('DROP TABLE position_samples');
    await runner.query('ALTER TABLE spans DROP COLUMN version');
  }
}
