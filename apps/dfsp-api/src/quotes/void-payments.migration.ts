import type { MigrationInterface, QueryRunner } from 'typeorm';

const SIGNATURE = `
  CREATE OR REPLACE FUNCTION end_payment(
    of_payment uuid, of_side text, has_quote boolean, ending text, status_of_rejected text
  ) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE
    valid_until timestamptz;
  BEGIN`;
const MOVE_LIMITS = `
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
const USE_LIVE_QUOTE = `
    IF has_quote AND ending = 'executed' THEN
      PERFORM use_quote(of_payment, of_side = 'debit');`;
const FREE_QUOTE = `
    ELSIF has_quote THEN
      valid_until := free_quote(of_payment, of_side = 'debit');
    END IF;`;

/** The ledger decides: the quote of an executed payment is used, also if it had expired. */
const USE_QUOTE = `
    IF has_quote AND ending = 'executed' THEN
      UPDATE quotes SET status = 'used', held_at = NULL
      WHERE payment_id = of_payment AND is_debit = (of_side = 'debit') AND status <> 'used';`;
/** The id of a payment that is `void` can never be sent: its quote expires, and its part of the limits is free. */
const EXPIRE_QUOTE = `
    ELSIF has_quote AND ending = 'void' THEN
      UPDATE quotes SET status = 'expired', held_at = NULL
      WHERE payment_id = of_payment AND is_debit = (of_side = 'debit') AND status = 'reserved';`;

/**
 * One more way in which a payment ends: `void`. `lapsed` stays, which instances of the release before use while they run
 * beside this one.
 */
export class VoidPayments1796900003700 implements MigrationInterface {
  readonly name = 'VoidPayments1796900003700';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SIGNATURE + USE_QUOTE + EXPIRE_QUOTE + FREE_QUOTE + MOVE_LIMITS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(SIGNATURE + USE_LIVE_QUOTE + FREE_QUOTE + MOVE_LIMITS);
  }
}
