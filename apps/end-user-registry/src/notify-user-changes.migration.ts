import { forgetChangesOf, notifyChangesOf } from '@level-one/work';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tells instances of changes of numbers, which they keep in memory. */
export class NotifyUserChanges1796300000100 implements MigrationInterface {
  readonly name = 'NotifyUserChanges1796300000100';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of notifyChangesOf('users', 'number')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of forgetChangesOf('users')) await runner.query(statement);
  }
}
