import type { MigrationInterface, QueryRunner } from 'typeorm';
import { keepHistoryOf } from '../rules/rule-history-schema.js';

/** Creates the tables of limits, of their use, and of reservations. Sets no limit. */
export class CreateLimits1795300002400 implements MigrationInterface {
  readonly name = 'CreateLimits1795300002400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE limit_rules (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT limit_rules_pkey PRIMARY KEY,
        name text NOT NULL,
        version int NOT NULL,
        transfer_type text,
        currency text NOT NULL,
        side text,
        payer_identifier text,
        payee_identifier text,
        priority int NOT NULL,
        valid_from timestamptz NOT NULL,
        valid_to timestamptz,
        min_amount numeric,
        max_amount numeric,
        max_amount_daily numeric,
        max_amount_weekly numeric,
        max_amount_monthly numeric,
        max_count_daily int,
        max_count_weekly int,
        max_count_monthly int,
        CONSTRAINT limit_rules_is_not_negative CHECK (min_amount >= 0 AND max_amount >= 0
   AND max_amount_daily >= 0 AND max_amount_weekly >= 0 AND max_amount_monthly >= 0
   AND max_count_daily >= 0 AND max_count_weekly >= 0 AND max_count_monthly >= 0),
        CONSTRAINT limit_rules_side_is_known CHECK (side IN ('debit', 'credit')),
        CONSTRAINT limit_rules_validity CHECK (valid_to >= valid_from)
      )`);
    await runner.query('CREATE UNIQUE INDEX limit_rules_version ON limit_rules (name, version)');
    await runner.query('CREATE UNIQUE INDEX limit_rules_open_version ON limit_rules (name) WHERE valid_to IS NULL');
    for (const statement of keepHistoryOf('limit_rules')) await runner.query(statement);
    await runner.query(`
      CREATE TABLE limit_usage (
        subject text NOT NULL,
        side text NOT NULL,
        currency text NOT NULL,
        transfer_type text NOT NULL,
        period text NOT NULL,
        starts_on date NOT NULL,
        amount bigint NOT NULL,
        count int NOT NULL,
        CONSTRAINT limit_usage_pkey PRIMARY KEY (subject, side, currency, transfer_type, period, starts_on),
        CONSTRAINT limit_usage_is_not_negative CHECK (amount >= 0 AND count >= 0)
      )`);
    await runner.query(`
      CREATE TABLE limit_reservations (
        payment_id uuid NOT NULL,
        side text NOT NULL,
        status text NOT NULL,
        subject text NOT NULL,
        transfer_type text NOT NULL,
        amount bigint NOT NULL,
        currency text NOT NULL,
        day date NOT NULL,
        week date NOT NULL,
        month date NOT NULL,
        expires_at timestamptz,
        CONSTRAINT limit_reservations_pkey PRIMARY KEY (payment_id, side),
        CONSTRAINT limit_reservations_amount_is_positive CHECK (amount > 0),
        CONSTRAINT limit_reservations_status_is_known CHECK (status IN ('reserved', 'confirmed', 'released'))
      )`);
    await runner.query(`
      CREATE INDEX limit_reservations_by_expiry ON limit_reservations (expires_at)
      WHERE status = 'reserved' AND expires_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE limit_reservations, limit_usage, limit_rules');
  }
}
