import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which DFSP set a payment up: until its money waits, a setup holds nothing against other DFSPs. */
export class BoundReceiverPayments1795800004200 implements MigrationInterface {
  readonly name = 'BoundReceiverPayments1795800004200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE receiver_payments ADD COLUMN from_dfsp text');
    await runner.query(`
      CREATE INDEX receiver_payments_of_invoice ON receiver_payments (invoice_id)
      WHERE status IN ('proposed', 'prepared')`);
    await runner.query(`
      CREATE INDEX receiver_payments_of_dfsp ON receiver_payments (from_dfsp, identifier) WHERE status = 'proposed'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX receiver_payments_of_invoice');
    await runner.query('ALTER TABLE receiver_payments DROP COLUMN from_dfsp');
  }
}
