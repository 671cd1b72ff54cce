import { forgetChangesOf, notifyChangesOf } from '@level-one/work';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['customers', 'customer_accounts'];

/** Tells instances of changes of customers, whom they keep in memory. */
export class NotifyCustomerChanges1796300001200 implements MigrationInterface {
  readonly name = 'NotifyCustomerChanges1796300001200';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES.flatMap((table) => notifyChangesOf(table, 'identifier'))) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES.flatMap((table) => forgetChangesOf(table))) await runner.query(statement);
  }
}
