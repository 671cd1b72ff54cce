import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CREATE_KEEP_RULE_HISTORY, keepHistoryOf } from '../rules/rule-history-schema.js';

/**
 * Adds conditions, priorities, validity and versions to fee rules. Existing rules apply to everyone and at any time,
 * with a higher priority number than special ones.
 */
export class VersionFeeRules1795300002300 implements MigrationInterface {
  readonly name = 'VersionFeeRules1795300002300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE fee_rules
        ADD COLUMN name text,
        ADD COLUMN version int NOT NULL DEFAULT 1,
        ADD COLUMN side text,
        ADD COLUMN payer_identifier text,
        ADD COLUMN payee_identifier text,
        ADD COLUMN priority int NOT NULL DEFAULT 1000,
        ADD COLUMN valid_from timestamptz NOT NULL DEFAULT '1970-01-01T00:00:00Z',
        ADD COLUMN valid_to timestamptz,
        ALTER COLUMN transfer_type DROP NOT NULL,
        ADD CONSTRAINT fee_rules_side_is_known CHECK (side IN ('debit', 'credit')),
        ADD CONSTRAINT fee_rules_validity CHECK (valid_to >= valid_from)`);
    await runner.query(`
      UPDATE fee_rules SET name = concat_ws(' ', kind, transfer_type, currency, 'from', start_amount)`);
    await runner.query(`
      ALTER TABLE fee_rules
        ALTER COLUMN name SET NOT NULL,
        ALTER COLUMN version DROP DEFAULT,
        ALTER COLUMN priority DROP DEFAULT,
        ALTER COLUMN valid_from DROP DEFAULT`);
    await runner.query('DROP INDEX fee_rules_tier');
    await runner.query('CREATE UNIQUE INDEX fee_rules_version ON fee_rules (name, version)');
    await runner.query('CREATE UNIQUE INDEX fee_rules_open_version ON fee_rules (name) WHERE valid_to IS NULL');
    await runner.query(CREATE_KEEP_RULE_HISTORY);
    for (const statement of keepHistoryOf('fee_rules')) await runner.query(statement);
  }

  /** Keeps the rules in force without conditions; other rules and the history are lost. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION keep_rule_history() CASCADE');
    await runner.query(`
      DELETE FROM fee_rules
      WHERE transfer_type IS NULL OR num_nonnulls(side, payer_identifier, payee_identifier) > 0
        OR valid_from > clock_timestamp() OR valid_to <= clock_timestamp()`);
    await runner.query(`
      DELETE FROM fee_rules AS rule USING fee_rules AS other
      WHERE (other.kind, other.transfer_type, other.currency, other.start_amount)
        = (rule.kind, rule.transfer_type, rule.currency, rule.start_amount)
        AND (other.priority, other.id) < (rule.priority, rule.id)`);
    await runner.query(`
      ALTER TABLE fee_rules
        DROP COLUMN name, DROP COLUMN version, DROP COLUMN side, DROP COLUMN payer_identifier,
        DROP COLUMN payee_identifier, DROP COLUMN priority, DROP COLUMN valid_from, DROP COLUMN valid_to,
        ALTER COLUMN transfer_type SET NOT NULL`);
    await runner.query('CREATE UNIQUE INDEX fee_rules_tier ON fee_rules (kind, transfer_type, currency, start_amount)');
  }
}
