import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Digests of the event log. Those of older events are made in the background. */
export class EventDigests1798300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE event_digests (
        upto bigint NOT NULL,
        digest bytea NOT NULL,
        made_at timestamptz NOT NULL,
        CONSTRAINT event_digests_pkey PRIMARY KEY (upto),
        CONSTRAINT event_digests_have_32_bytes CHECK (length(digest) = 32)
      )`);
    await runner.query(`
      CREATE TRIGGER event_digests_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON event_digests
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE event_digests');
  }
}
