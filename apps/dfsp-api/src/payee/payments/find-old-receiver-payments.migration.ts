import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds payments that moved no money by age, so that old ones can be deleted. */
export class FindOldReceiverPayments1796500004300 implements MigrationInterface {
  readonly name = 'FindOldReceiverPayments1796500004300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX receiver_payments_unpaid ON receiver_payments (expires_at) WHERE status IN ('rejected', 'expired')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX receiver_payments_unpaid');
  }
}
