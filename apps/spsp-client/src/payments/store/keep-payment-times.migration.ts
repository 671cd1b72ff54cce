import { forgetStateTimesOf, keepStateTimesOf } from '@level-one/work';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments keep when they ended. */
export class KeepPaymentTimes1798300000500 implements MigrationInterface {
  readonly name = 'KeepPaymentTimes1798300000500';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of keepStateTimesOf({ table: 'payments', state: 'status' })) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of forgetStateTimesOf('payments')) await runner.query(statement);
  }
}
