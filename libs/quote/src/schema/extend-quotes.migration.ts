import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds both parties, all parts of the price, and the hold to quotes. */
export class ExtendQuotes1795300002500 implements MigrationInterface {
  readonly name = 'ExtendQuotes1795300002500';

  async up(runner: QueryRunner): Promise<void> {
    // Nothing has written quotes before this release. If there is a row anyway, it has its own amounts and no fee of
    // the other DFSP.
    await runner.query(`
      ALTER TABLE quotes
        ADD COLUMN own_identifier text NOT NULL DEFAULT '',
        ADD COLUMN own_identifier_type text NOT NULL DEFAULT 'eur',
        ADD COLUMN amount_type text NOT NULL DEFAULT 'SEND',
        ADD COLUMN transfer_amount bigint,
        ADD COLUMN receive_amount bigint,
        ADD COLUMN charged bigint NOT NULL DEFAULT 0,
        ADD COLUMN peer_fee bigint NOT NULL DEFAULT 0,
        ADD COLUMN peer_commission bigint NOT NULL DEFAULT 0,
        ADD COLUMN invoice_id text,
        ADD COLUMN held_at timestamptz,
        ADD COLUMN created_at timestamptz NOT NULL DEFAULT clock_timestamp()`);
    await runner.query('UPDATE quotes SET transfer_amount = amount, receive_amount = amount');
    await runner.query(`
      ALTER TABLE quotes
        ALTER COLUMN own_identifier DROP DEFAULT,
        ALTER COLUMN own_identifier_type DROP DEFAULT,
        ALTER COLUMN amount_type DROP DEFAULT,
        ALTER COLUMN transfer_amount SET NOT NULL,
        ALTER COLUMN receive_amount SET NOT NULL,
        ALTER COLUMN charged DROP DEFAULT,
        ALTER COLUMN peer_fee DROP DEFAULT,
        ALTER COLUMN peer_commission DROP DEFAULT,
        ALTER COLUMN created_at DROP DEFAULT,
        ADD CONSTRAINT quotes_amount_type_is_known CHECK (amount_type IN ('SEND', 'RECEIVE')),
        ADD CONSTRAINT quotes_price_adds_up CHECK (
          receive_amount > 0 AND charged >= 0 AND receive_amount + charged = transfer_amount),
        ADD CONSTRAINT quotes_peer_is_not_negative CHECK (peer_fee >= 0 AND peer_commission >= 0),
        ADD CONSTRAINT quotes_held_is_reserved CHECK (held_at IS NULL OR status = 'reserved')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE quotes
        DROP COLUMN own_identifier, DROP COLUMN own_identifier_type, DROP COLUMN amount_type,
        DROP COLUMN transfer_amount, DROP COLUMN receive_amount, DROP COLUMN charged, DROP COLUMN peer_fee,
        DROP COLUMN peer_commission, DROP COLUMN invoice_id, DROP COLUMN held_at, DROP COLUMN created_at`);
  }
}
