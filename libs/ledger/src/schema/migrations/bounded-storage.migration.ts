import type { MigrationInterface, QueryRunner } from 'typeorm';

const FLOWS = ['payments', 'receipts', 'fee_payments', 'fee_receipts'];

/** Sums of a settlement may exceed 64 bits. Indices find the proposals and messages that are due. */
export class BoundedStorage1796100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.typeOfFlows(runner, 'numeric');
    await runner.query(`
      CREATE INDEX transfers_proposed_by_time ON transfers (proposed_at) WHERE state = 'proposed'`);
    await runner.query(`
      CREATE INDEX transfers_rejected_proposals ON transfers (rejected_at) WHERE state = 'rejected' AND NOT authorized`);
    await runner.query('CREATE INDEX events_of_messages ON events (sequence) WHERE message IS NOT NULL');
  }

  /** Fails, and changes nothing, if a settlement has a sum of more than 64 bits. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX transfers_proposed_by_time, transfers_rejected_proposals, events_of_messages');
    await this.typeOfFlows(runner, 'bigint');
  }

  private async typeOfFlows(runner: QueryRunner, type: 'numeric' | 'bigint'): Promise<void> {
    const changes = FLOWS.map((column) => `ALTER COLUMN ${column} TYPE ${type}`).join(', ');
    await runner.query(`ALTER TABLE settlement_positions ${changes}`);
  }
}
