import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For instances of the release before, which issue an invoice and then its notice, and do not know the column. */
const KEEP_SUBMISSION_URL = `
  CREATE FUNCTION keep_submission_url() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE invoices SET submission_url = NEW.submission_url
    WHERE id = NEW.invoice_id::uuid AND submission_url IS NULL;
    RETURN NULL;
  END $$`;

/** Invoices get the URL that their notice was sent to. */
export class KeepSubmissionUrls1796400003100 implements MigrationInterface {
  readonly name = 'KeepSubmissionUrls1796400003100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(KEEP_SUBMISSION_URL);
    // First the trigger, which waits until no other transaction writes notices: the update sees all notices before it.
    await runner.query(`
      CREATE TRIGGER keep_submission_url AFTER INSERT ON notices
      FOR EACH ROW WHEN (NEW.kind = 'issued') EXECUTE FUNCTION keep_submission_url()`);
    await runner.query(`
      UPDATE invoices SET submission_url = notices.submission_url
      FROM notices WHERE notices.kind = 'issued' AND notices.invoice_id = invoices.id::text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    // The column is dropped with its own migration.
    await runner.query('DROP TRIGGER keep_submission_url ON notices');
    await runner.query('DROP FUNCTION keep_submission_url()');
  }
}
