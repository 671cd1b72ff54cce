import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invoices get the URL that their notice was sent to. */
export class KeepSubmissionUrls1796400003100 implements MigrationInterface {
  readonly name = 'KeepSubmissionUrls1796400003100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE invoices SET submission_url = notices.submission_url
      FROM notices WHERE notices.kind = 'issued' AND notices.invoice_id = invoices.id::text`);
  }

  async down(): Promise<void> {
    // The column is dropped with its own migration.
  }
}
