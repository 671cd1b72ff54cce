import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments are found by the number of the other party too: one that was refused on its way is only at its payer's DFSP. */
export class ListPaymentsByParty1798500006400 implements MigrationInterface {
  readonly name = 'ListPaymentsByParty1798500006400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX outgoing_payments_to ON outgoing_payments (payee_identifier, created_at, payment_id)',
    );
    await runner.query(
      'CREATE INDEX receiver_payments_from ON receiver_payments (sender_identifier, created_at, payment_id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX receiver_payments_from, outgoing_payments_to');
  }
}
