import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the rejected proposals that still have memos, and no others. */
export class FindMemosOfProposals1796500000000 implements MigrationInterface {
  readonly name = 'FindMemosOfProposals1796500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX transfers_rejected_proposals');
    await runner.query(`CREATE INDEX transfers_rejected_proposals ON transfers (rejected_at) WHERE state = 'rejected' AND NOT authorized
      AND (debit_memo IS NOT NULL OR credit_memo IS NOT NULL OR additional_info IS NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX transfers_rejected_proposals');
    await runner.query(
      `CREATE INDEX transfers_rejected_proposals ON transfers (rejected_at) WHERE state = 'rejected' AND NOT authorized`,
    );
  }
}
