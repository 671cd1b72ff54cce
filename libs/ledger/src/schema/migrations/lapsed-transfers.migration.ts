import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Transfers whose grace lapsed can be found. */
export class LapsedTransfers1798150000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX transfers_lapsed ON transfers (rejected_at, id)
      WHERE state = 'rejected' AND open_until > expires_at AND rejected_at >= open_until`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX transfers_lapsed');
  }
}
