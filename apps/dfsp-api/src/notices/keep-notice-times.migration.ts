import { forgetStateTimesOf, keepStateTimesOf } from '@level-one/work';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notices keep when they were tried and ended. */
export class KeepNoticeTimes1798300003300 implements MigrationInterface {
  readonly name = 'KeepNoticeTimes1798300003300';

  async up(runner: QueryRunner): Promise<void> {
    const notices = { table: 'notices', state: 'status', attempts: 'attempts', error: 'last_error_id' };
    for (const statement of keepStateTimesOf(notices)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of forgetStateTimesOf('notices')) await runner.query(statement);
  }
}
