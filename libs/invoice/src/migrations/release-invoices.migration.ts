import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Approved → pending, when the payment that has the invoice has finally failed; answers whether it did. It is a function
 * because the payment may have taken the invoice while the calling statement waited for the row of the payment: only a
 * statement that begins afterwards sees that.
 */
const RELEASE_INVOICE = `
  CREATE FUNCTION release_invoice(of_invoice uuid, of_payment uuid) RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE invoices SET status = 'pending', payment_id = NULL, payer_identifier = NULL
    WHERE id = of_invoice AND status = 'approved' AND payment_id = of_payment;
    RETURN FOUND;
  END $$`;

/** Frees the invoice of a payment in the statement that ends the payment. */
export class ReleaseInvoices1796500002400 implements MigrationInterface {
  readonly name = 'ReleaseInvoices1796500002400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RELEASE_INVOICE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION release_invoice(uuid, uuid)');
  }
}
