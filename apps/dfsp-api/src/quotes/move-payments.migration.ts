import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A payment begins: its quote is held, and its reservation of limits is kept. A payment that was not counted yet (of an
 * invoice, or without a quote) is counted now, if `request` says how. `request` is made by `Limits.reservationOf` or
 * `Limits.keepingOf`.
 */
const BEGIN_PAYMENT = `
  CREATE FUNCTION begin_payment(of_payment uuid, of_side text, has_quote boolean, request jsonb) RETURNS boolean
  LANGUAGE plpgsql AS $$
  BEGIN
    IF has_quote THEN
      PERFORM hold_quote(of_payment, of_side = 'debit');
    END IF;
    IF NOT move_limits(of_payment, of_side, 'reserved', request -> 'bounds') AND request ? 'subject' THEN
      PERFORM reserve_limits(request);
    END IF;
    RETURN true;
  END $$`;

/**
 * A payment has ended: `executed`, `rejected`, or `lapsed` if it expired or was never prepared. Its quote is used or
 * free again. An executed payment counts towards the limits, a rejected one if `status_of_rejected` is `confirmed`. One
 * that lapsed counts no longer; but the payer's side may try it again while the quote is valid, so that its reservation
 * only expires with the quote. At the payee's side the only transfer of the payment has ended.
 */
const END_PAYMENT = `
  CREATE FUNCTION end_payment(
    of_payment uuid, of_side text, has_quote boolean, ending text, status_of_rejected text
  ) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE
    valid_until timestamptz;
  BEGIN
    IF has_quote AND ending = 'executed' THEN
      PERFORM use_quote(of_payment, of_side = 'debit');
    ELSIF has_quote THEN
      valid_until := free_quote(of_payment, of_side = 'debit');
    END IF;
    IF ending = 'executed' THEN
      PERFORM move_limits(of_payment, of_side, 'confirmed', NULL);
    ELSIF ending = 'rejected' THEN
      PERFORM move_limits(of_payment, of_side, status_of_rejected, NULL);
    ELSIF of_side = 'debit' AND valid_until IS NOT NULL THEN
      UPDATE limit_reservations SET expires_at = valid_until
      WHERE payment_id = of_payment AND side = of_side AND status = 'reserved';
    ELSE
      PERFORM move_limits(of_payment, of_side, 'released', NULL);
    END IF;
    RETURN true;
  END $$`;

/** Moves the quote and the limits of a payment in the statement that moves the payment. */
export class MovePayments1796400003500 implements MigrationInterface {
  readonly name = 'MovePayments1796400003500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(BEGIN_PAYMENT);
    await runner.query(END_PAYMENT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION end_payment(uuid, text, boolean, text, text)');
    await runner.query('DROP FUNCTION begin_payment(uuid, text, boolean, jsonb)');
  }
}
