import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a payment's transfer has to be, so that the ledger's answer can be told from that of another one. */
export class ConditionOutgoingPayments1795800005200 implements MigrationInterface {
  readonly name = 'ConditionOutgoingPayments1795800005200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outgoing_payments ADD COLUMN condition_hash text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outgoing_payments DROP COLUMN condition_hash');
  }
}
