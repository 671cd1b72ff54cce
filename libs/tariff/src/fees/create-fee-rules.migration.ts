import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the seed rules of contract 5.3, the same for every type of transfer. */
export class CreateFeeRules1700000002100 implements MigrationInterface {
  readonly name = 'CreateFeeRules1700000002100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE fee_rules (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT fee_rules_pkey PRIMARY KEY,
        kind text NOT NULL,
        transfer_type text NOT NULL,
        currency text NOT NULL,
        start_amount numeric NOT NULL,
        percent numeric,
        percent_base numeric,
        min_value numeric,
        max_value numeric,
        CONSTRAINT fee_rules_kind_is_known CHECK (kind IN ('fee', 'commission')),
        CONSTRAINT fee_rules_is_not_negative CHECK (
          start_amount >= 0 AND percent >= 0 AND percent_base >= 0 AND min_value >= 0 AND max_value >= 0)
      )`);
    await runner.query('CREATE UNIQUE INDEX fee_rules_tier ON fee_rules (kind, transfer_type, currency, start_amount)');
    await runner.query(`
      INSERT INTO fee_rules
        (kind, transfer_type, currency, start_amount, percent, percent_base, min_value, max_value)
      SELECT kind, transfer_type, currency, start_amount, percent, percent_base, min_value, max_value
      FROM (VALUES
        ('fee',        'USD', 20,   1, NULL, 1,   5),
        ('fee',        'TZS', 2000, 1, NULL, 100, 500),
        ('commission', 'USD', 10,   2, 50,   0,   50),
        ('commission', 'TZS', 1000, 2, 5000, 0,   5000)
      ) AS tier (kind, currency, start_amount, percent, percent_base, min_value, max_value)
      CROSS JOIN (VALUES ('p2p'), ('invoice'), ('fee'), ('bulkPayment'), ('cashIn'), ('cashOut'))
        AS transfers (transfer_type)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE fee_rules');
  }
}
