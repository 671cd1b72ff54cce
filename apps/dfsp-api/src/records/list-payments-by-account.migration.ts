import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments that were got are found by their account's name: its URI is another one when the adapter has moved. */
export class ListPaymentsByAccount1798500006300 implements MigrationInterface {
  readonly name = 'ListPaymentsByAccount1798500006300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX receiver_payments_of_account');
    await runner.query(`
      CREATE INDEX receiver_payments_of_account ON receiver_payments
        ((split_part(approval ->> 'destinationAccount', '/accounts/', 2)), created_at, payment_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX receiver_payments_of_account');
    await runner.query(`
      CREATE INDEX receiver_payments_of_account ON receiver_payments
        ((approval ->> 'destinationAccount'), created_at, payment_id)`);
  }
}
