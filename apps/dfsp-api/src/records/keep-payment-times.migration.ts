import { forgetStateTimesOf, keepStateTimesOf } from '@level-one/work';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments of both sides and rows of lists keep when they changed. */
export class KeepPaymentTimes1798300006300 implements MigrationInterface {
  readonly name = 'KeepPaymentTimes1798300006300';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of keepStateTimesOf({ table: 'outgoing_payments', state: 'status' }))
      await runner.query(statement);
    for (const statement of keepStateTimesOf({ table: 'receiver_payments', state: 'status' }))
      await runner.query(statement);
    const rows = { table: 'bulk_payment_rows', state: 'status', attempts: 'attempts', error: 'error_id' };
    for (const statement of keepStateTimesOf(rows)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of forgetStateTimesOf('bulk_payment_rows')) await runner.query(statement);
    for (const statement of forgetStateTimesOf('receiver_payments')) await runner.query(statement);
    for (const statement of forgetStateTimesOf('outgoing_payments')) await runner.query(statement);
  }
}
