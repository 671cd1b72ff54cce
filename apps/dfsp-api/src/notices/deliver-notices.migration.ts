import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Notices are tried until a deadline, and are undeliverable then. Those that were given up before are undeliverable if an
 * attempt failed, otherwise withdrawn. Roles of the release before still give up, so that their status stays allowed.
 */
export class DeliverNotices1796900003200 implements MigrationInterface {
  readonly name = 'DeliverNotices1796900003200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE notices ADD COLUMN deadline_at timestamptz, ADD COLUMN last_error_id text,
        DROP CONSTRAINT notices_status_is_known,
        ADD CONSTRAINT notices_status_is_known
          CHECK (status IN ('pending', 'delivered', 'givenUp', 'undeliverable', 'withdrawn'))`);
    await runner.query(`
      UPDATE notices SET last_error_id = split_part(last_error, ': ', 1),
        status = CASE status WHEN 'givenUp' THEN 'undeliverable' ELSE status END
      WHERE last_error IS NOT NULL AND status IN ('pending', 'givenUp')`);
    await runner.query(`UPDATE notices SET status = 'withdrawn' WHERE status = 'givenUp'`);
    await runner.query(`
      CREATE INDEX notices_failing ON notices (created_at, id)
      WHERE last_error_id IS NOT NULL AND status IN ('pending', 'undeliverable')`);
    await runner.query(`
      CREATE INDEX notices_ended ON notices (created_at)
      WHERE status IN ('delivered', 'givenUp', 'undeliverable', 'withdrawn')`);
    await runner.query('DROP INDEX notices_over');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE notices SET status = 'givenUp' WHERE status IN ('undeliverable', 'withdrawn')`);
    await runner.query(`CREATE INDEX notices_over ON notices (created_at) WHERE status IN ('delivered', 'givenUp')`);
    await runner.query('DROP INDEX notices_ended');
    await runner.query(`
      ALTER TABLE notices DROP COLUMN deadline_at, DROP COLUMN last_error_id,
        DROP CONSTRAINT notices_status_is_known,
        ADD CONSTRAINT notices_status_is_known CHECK (status IN ('pending', 'delivered', 'givenUp'))`);
  }
}
