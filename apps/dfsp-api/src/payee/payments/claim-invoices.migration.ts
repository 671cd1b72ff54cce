import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pending to approved; a standard invoice only for the client it names. */
const CLAIM = `
    UPDATE invoices SET status = 'approved', payment_id = of_payment, payer_identifier = payer
    WHERE id = of_invoice AND type <> 'product' AND (type <> 'standard' OR identifier = payer)
      AND (expires_at IS NULL OR expires_at > clock_timestamp())`;
const REFUSE = `RAISE EXCEPTION USING ERRCODE = 'LV005', MESSAGE = 'The invoice cannot be claimed';`;
/** No invoice, or one that any number of payments may pay. */
const NEEDS_NO_CLAIM = `of_invoice IS NULL OR (SELECT type FROM invoices WHERE id = of_invoice) = 'product'`;

/**
 * Reserves an invoice for a payment that is set up, against other payments of the same DFSP. While others have only set
 * up payments of it, more may be set up: the first prepared one gets it.
 */
const CLAIM_INVOICE = `
  CREATE FUNCTION claim_invoice(of_invoice uuid, of_payment uuid, payer text, from_payer text) RETURNS boolean
  LANGUAGE plpgsql AS $$
  DECLARE
    known invoices;
  BEGIN
    IF ${NEEDS_NO_CLAIM} THEN
      RETURN true;
    END IF;${CLAIM} AND status = 'pending';
    IF FOUND THEN
      RETURN true;
    END IF;
    SELECT * INTO known FROM invoices WHERE id = of_invoice FOR NO KEY UPDATE;
    IF known.status IS DISTINCT FROM 'approved' OR EXISTS (
      SELECT FROM receiver_payments WHERE invoice_id = of_invoice AND payment_id <> of_payment
        AND (status = 'prepared' OR (status = 'proposed' AND from_dfsp IS NOT DISTINCT FROM from_payer))
    ) THEN
      ${REFUSE}
    END IF;
    RETURN true;
  END $$`;

/**
 * Moves an invoice to a payment that is prepared, away from one that is only set up. The lock lets payments that are
 * prepared at once do this one after the other, so that the second one sees the first.
 */
const TAKE_INVOICE = `
  CREATE FUNCTION take_invoice(of_invoice uuid, of_payment uuid, payer text) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE
    known invoices;
  BEGIN
    IF ${NEEDS_NO_CLAIM} THEN
      RETURN true;
    END IF;
    SELECT * INTO known FROM invoices WHERE id = of_invoice FOR NO KEY UPDATE;
    IF known.status = 'approved' AND known.payment_id = of_payment THEN
      RETURN true;
    END IF;
    IF EXISTS (
      SELECT FROM receiver_payments WHERE payment_id = known.payment_id AND status IN ('prepared', 'executed')
    ) THEN
      ${REFUSE}
    END IF;${CLAIM} AND (status = 'pending' OR (status = 'approved' AND payment_id IS NOT NULL));
    IF NOT FOUND THEN
      ${REFUSE}
    END IF;
    RETURN true;
  END $$`;

/** As `assert_few_quotes`, for payments that a DFSP has set up and not sent yet. */
const ASSERT_FEW_SETUPS = `
  CREATE FUNCTION assert_few_setups(asker text, customer text, most int, most_of_customer int) RETURNS boolean
  LANGUAGE plpgsql AS $$
  DECLARE
    open record;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('open setups of ' || coalesce(asker, ''), 0));
    SELECT count(*) AS of_all, count(*) FILTER (WHERE identifier = customer) AS of_customer INTO open
    FROM receiver_payments WHERE status = 'proposed' AND from_dfsp IS NOT DISTINCT FROM asker;
    IF open.of_all > most OR open.of_customer > most_of_customer THEN
      RAISE EXCEPTION USING ERRCODE = 'LV004', MESSAGE = 'Too many setups are open';
    END IF;
    RETURN true;
  END $$`;

/** Claims the invoice of a payment, and limits setups, in the statement that moves the payment. */
export class ClaimInvoices1796400004300 implements MigrationInterface {
  readonly name = 'ClaimInvoices1796400004300';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [CLAIM_INVOICE, TAKE_INVOICE, ASSERT_FEW_SETUPS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION claim_invoice(uuid, uuid, text, text)');
    await runner.query('DROP FUNCTION take_invoice(uuid, uuid, text)');
    await runner.query('DROP FUNCTION assert_few_setups(text, text, int, int)');
  }
}
