import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Refuses the new quote of a DFSP (null: of all without a proven identity) that has more open ones than `most`, or more
 * than `most_of_customer` for one customer. The lock lets requests of one DFSP count one after the other, until the end
 * of their statement, so that they cannot exceed the maximum together. It is called last: then it is held only shortly.
 */
const ASSERT_FEW_QUOTES = `
  CREATE FUNCTION assert_few_quotes(asker text, customer text, most int, most_of_customer int) RETURNS boolean
  LANGUAGE plpgsql AS $$
  DECLARE
    open record;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('open quotes of ' || coalesce(asker, ''), 0));
    SELECT count(*) AS of_all, count(*) FILTER (WHERE own_identifier = customer) AS of_customer INTO open
    FROM quotes WHERE status = 'reserved' AND NOT is_debit AND held_at IS NULL
      AND expires_at > clock_timestamp() AND asked_by IS NOT DISTINCT FROM asker;
    IF open.of_all > most OR open.of_customer > most_of_customer THEN
      RAISE EXCEPTION USING ERRCODE = 'LV004', MESSAGE = 'Too many quotes are open';
    END IF;
    RETURN true;
  END $$`;

/** Limits the quotes that wait for their payment, in the statement that stores a new one. */
export class LimitOpenQuotes1796400004000 implements MigrationInterface {
  readonly name = 'LimitOpenQuotes1796400004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ASSERT_FEW_QUOTES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION assert_few_quotes(text, text, int, int)');
  }
}
