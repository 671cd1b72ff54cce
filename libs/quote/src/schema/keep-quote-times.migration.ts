import { forgetStateTimesOf, keepStateTimesOf } from '@level-one/work';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Quotes keep when they were used or expired. */
export class KeepQuoteTimes1798300002600 implements MigrationInterface {
  readonly name = 'KeepQuoteTimes1798300002600';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of keepStateTimesOf({ table: 'quotes', state: 'status' })) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of forgetStateTimesOf('quotes')) await runner.query(statement);
  }
}
