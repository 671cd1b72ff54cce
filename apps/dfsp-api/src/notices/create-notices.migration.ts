import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateNotices1700000003000 implements MigrationInterface {
  readonly name = 'CreateNotices1700000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE notices (
        id uuid NOT NULL,
        kind text NOT NULL,
        status text NOT NULL,
        invoice_id text NOT NULL,
        invoice_url text NOT NULL,
        submission_url text NOT NULL,
        sender_identifier text NOT NULL,
        memo text NOT NULL,
        trace_id uuid NOT NULL,
        attempts int NOT NULL,
        next_attempt_at timestamptz NOT NULL,
        last_error text,
        created_at timestamptz NOT NULL,
        CONSTRAINT notices_pkey PRIMARY KEY (id),
        CONSTRAINT notices_kind_is_known CHECK (kind IN ('issued', 'cancelled', 'rejected')),
        CONSTRAINT notices_status_is_known CHECK (status IN ('pending', 'delivered', 'givenUp'))
      )`);
    await runner.query(`CREATE INDEX notices_due ON notices (next_attempt_at) WHERE status = 'pending'`);
    await runner.query('CREATE INDEX notices_invoice ON notices (invoice_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notices');
  }
}
