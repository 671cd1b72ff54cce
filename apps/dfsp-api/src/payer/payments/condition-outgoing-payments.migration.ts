import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the condition of a payment, by which its transfer at the ledger is recognised. */
export class ConditionOutgoingPayments1795800005200 implements MigrationInterface {
  readonly name = 'ConditionOutgoingPayments1795800005200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outgoing_payments ADD COLUMN condition_hash text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outgoing_payments DROP COLUMN condition_hash');
  }
}
