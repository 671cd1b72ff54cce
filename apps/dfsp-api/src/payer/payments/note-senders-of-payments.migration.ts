import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Says until when a request sends a payment, so that a repeated one waits for it, or goes on in its place. */
export class NoteSendersOfPayments1796700005400 implements MigrationInterface {
  readonly name = 'NoteSendersOfPayments1796700005400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outgoing_payments ADD COLUMN sending_until timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outgoing_payments DROP COLUMN sending_until');
  }
}
