import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A function that counts the open notifications of an issuer, for one request of that issuer after the other: it waits
 * until the request before has committed, and sees what that stored. A statement by itself sees only what was there
 * when it began.
 */
export class CountOpenNotifications1796400002200 implements MigrationInterface {
  readonly name = 'CountOpenNotifications1796400002200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION count_open_notifications(of_issuer text, of_client text, OUT in_all bigint, OUT to_client bigint)
      LANGUAGE plpgsql VOLATILE AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('invoice notifications of ' || of_issuer, 0));
        SELECT count(*), count(*) FILTER (WHERE sender_identifier = of_client) INTO in_all, to_client
        FROM invoice_notifications WHERE issuer = of_issuer AND status = 'pending';
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION count_open_notifications(text, text)');
  }
}
