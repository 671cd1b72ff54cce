import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The head has the time of the last heartbeat, and downtimes are kept. The heartbeat begins now: before it, nothing is
 * known of downtimes.
 */
export class Heartbeat1798000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ledger_head ADD COLUMN beat_at timestamptz NOT NULL DEFAULT now()');
    await runner.query(`
      CREATE TABLE downtimes (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        began_at timestamptz NOT NULL,
        ended_at timestamptz NOT NULL,
        extended integer NOT NULL,
        CONSTRAINT downtimes_pkey PRIMARY KEY (id),
        CONSTRAINT downtimes_end_after_they_begin CHECK (ended_at > began_at)
      )`);
    await runner.query(`
      CREATE TRIGGER downtimes_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON downtimes
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE downtimes');
    await runner.query('ALTER TABLE ledger_head DROP COLUMN beat_at');
  }
}
