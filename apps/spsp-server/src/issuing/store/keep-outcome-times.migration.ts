import { forgetStateTimesOf, keepStateTimesOf } from '@level-one/work';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Issued payments keep when they were issued, and each attempt to notify of their end; of old ones it is not known. */
export class KeepOutcomeTimes1798300000500 implements MigrationInterface {
  readonly name = 'KeepOutcomeTimes1798300000500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE issued_payments ADD COLUMN issued_at timestamptz');
    await runner.query('ALTER TABLE issued_payments ALTER COLUMN issued_at SET DEFAULT now()');
    const issued = { table: 'issued_payments', state: 'outcome', attempts: 'tell_attempts', error: 'tell_error_id' };
    for (const statement of keepStateTimesOf(issued)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of forgetStateTimesOf('issued_payments')) await runner.query(statement);
    await runner.query('ALTER TABLE issued_payments DROP COLUMN issued_at');
  }
}
