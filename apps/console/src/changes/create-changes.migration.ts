import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateConsoleChanges1796900000500 implements MigrationInterface {
  readonly name = 'CreateConsoleChanges1796900000500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE changes (
        id uuid PRIMARY KEY,
        kind text NOT NULL,
        parameters jsonb NOT NULL,
        state text NOT NULL DEFAULT 'proposed'
          CHECK (state IN ('proposed', 'approved', 'done', 'failed', 'rejected')),
        proposed_by text NOT NULL,
        proposed_at timestamptz NOT NULL DEFAULT now(),
        decided_by text,
        decided_at timestamptz,
        claimed_until timestamptz,
        attempts integer NOT NULL DEFAULT 0,
        outcome text,
        ended_at timestamptz,
        CHECK (state IN ('proposed', 'rejected') OR decided_by <> proposed_by)
      )`);
    await runner.query('CREATE INDEX changes_proposed ON changes (proposed_at)');
    await runner.query(`CREATE INDEX changes_approved ON changes (claimed_until) WHERE state = 'approved'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE changes');
  }
}
