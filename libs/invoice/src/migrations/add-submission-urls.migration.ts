import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stores with an invoice where its client is notified, which says which DFSP may pay or reject it. */
export class AddSubmissionUrls1796400002300 implements MigrationInterface {
  readonly name = 'AddSubmissionUrls1796400002300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE invoices ADD COLUMN submission_url text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE invoices DROP COLUMN submission_url');
  }
}
