import type { MigrationInterface, QueryRunner } from 'typeorm';

const KEY = 'payment_id = of_payment AND is_debit = of_payer';
/** A quote that can be held or used: a transfer holds it, or its time is not over. */
const LIVE = `${KEY} AND status = 'reserved' AND (held_at IS NOT NULL OR expires_at > clock_timestamp())`;

/** Keeps a quote from expiring while its transfer is prepared. May be repeated. */
const HOLD_QUOTE = `
  CREATE FUNCTION hold_quote(of_payment uuid, of_payer boolean) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE quotes SET held_at = coalesce(held_at, clock_timestamp()) WHERE ${LIVE};
    IF NOT FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'LV003', MESSAGE = 'The quote cannot be held', DETAIL = coalesce(
        (SELECT CASE status WHEN 'used' THEN 'used' ELSE 'expired' END FROM quotes WHERE ${KEY}), 'unknown');
    END IF;
  END $$`;

/** Reserved to used, when the transfer is executed. One of several parallel calls answers true. */
const USE_QUOTE = `
  CREATE FUNCTION use_quote(of_payment uuid, of_payer boolean) RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE quotes SET status = 'used', held_at = NULL WHERE ${LIVE};
    RETURN FOUND;
  END $$`;

/**
 * Ends the hold of a quote whose transfer was rejected or expired: reserved again, or expired if its time is over.
 * Answers the expiry of a quote that is reserved again, else null.
 */
const FREE_QUOTE = `
  CREATE FUNCTION free_quote(of_payment uuid, of_payer boolean) RETURNS timestamptz LANGUAGE plpgsql AS $$
  DECLARE
    freed quotes;
  BEGIN
    UPDATE quotes SET held_at = NULL, status = CASE WHEN expires_at > clock_timestamp() THEN status ELSE 'expired' END
    WHERE ${KEY} AND status = 'reserved' AND held_at IS NOT NULL
    RETURNING * INTO freed;
    RETURN CASE freed.status WHEN 'reserved' THEN freed.expires_at END;
  END $$`;

/** Holds, uses and frees the quote of a payment in the statement that moves the payment. */
export class MoveQuotes1796400002500 implements MigrationInterface {
  readonly name = 'MoveQuotes1796400002500';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [HOLD_QUOTE, USE_QUOTE, FREE_QUOTE]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['hold_quote', 'use_quote', 'free_quote']) {
      await runner.query(`DROP FUNCTION ${name}(uuid, boolean)`);
    }
  }
}
