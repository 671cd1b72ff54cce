import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stores the accounts of each event, so that the events of one account are found by an index. */
export class EventsByAccount1796000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE events ADD COLUMN from_account text, ADD COLUMN to_account text');
    await runner.query(`
      UPDATE events SET from_account = debit_account, to_account = credit_account
      FROM transfers WHERE transfers.id = transfer_id`);
    // A JSON document with NUL cannot be read member by member. Such a message gets no account; it could not be sent
    // either.
    await runner.query(String.raw`
      UPDATE events SET to_account = message ->> 'to'
      WHERE message IS NOT NULL AND message::text NOT LIKE '%\\u0000%'`);
    await runner.query(
      'CREATE INDEX events_from_account ON events (from_account, sequence) WHERE from_account IS NOT NULL',
    );
    await runner.query('CREATE INDEX events_to_account ON events (to_account, sequence) WHERE to_account IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE events DROP COLUMN from_account, DROP COLUMN to_account');
  }
}
