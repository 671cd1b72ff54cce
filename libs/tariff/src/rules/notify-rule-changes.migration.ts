import { forgetChangesOf, notifyChangesOf } from '@level-one/work';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['fee_rules', 'limit_rules'];

/** Tells instances of changes of rules, which they keep in memory. */
export class NotifyRuleChanges1796300002800 implements MigrationInterface {
  readonly name = 'NotifyRuleChanges1796300002800';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES.flatMap((table) => notifyChangesOf(table))) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES.flatMap((table) => forgetChangesOf(table))) await runner.query(statement);
  }
}
