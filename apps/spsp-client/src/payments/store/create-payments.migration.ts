import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePayments1700000000300 implements MigrationInterface {
  readonly name = 'CreatePayments1700000000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE payments (
        id uuid NOT NULL,
        fingerprint text NOT NULL,
        details json NOT NULL,
        transfer json NOT NULL,
        expires_at timestamptz NOT NULL,
        status text NOT NULL,
        fulfillment text,
        rejection_message json,
        refusal json,
        created_at timestamptz NOT NULL,
        check_at timestamptz NOT NULL,
        CONSTRAINT payments_pkey PRIMARY KEY (id),
        CONSTRAINT payments_status_is_known CHECK (status IN ('pending', 'executed', 'rejected', 'expired')),
        CONSTRAINT payments_executed_is_fulfilled CHECK ((status = 'executed') = (fulfillment IS NOT NULL)),
        CONSTRAINT payments_reason_is_of_a_rejection
          CHECK ((rejection_message IS NULL AND refusal IS NULL) OR status = 'rejected')
      )`);
    await runner.query(`CREATE INDEX payments_pending ON payments (check_at) WHERE status = 'pending'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE payments');
  }
}
