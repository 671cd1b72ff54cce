import { forgetStateTimesOf, keepStateTimesOf } from '@level-one/work';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invoices and notifications keep when they changed. */
export class KeepInvoiceTimes1798300002700 implements MigrationInterface {
  readonly name = 'KeepInvoiceTimes1798300002700';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of keepStateTimesOf({ table: 'invoices', state: 'status' })) await runner.query(statement);
    for (const statement of keepStateTimesOf({ table: 'invoice_notifications', state: 'status', attempts: 'checks' }))
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of forgetStateTimesOf('invoice_notifications')) await runner.query(statement);
    for (const statement of forgetStateTimesOf('invoices')) await runner.query(statement);
  }
}
