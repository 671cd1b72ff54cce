import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateConsoleSpans1796900000300 implements MigrationInterface {
  readonly name = 'CreateConsoleSpans1796900000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE spans (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        trace_id text NOT NULL,
        span_id text NOT NULL,
        parent_id text,
        payment_id uuid,
        hop text,
        kind text NOT NULL,
        role text NOT NULL,
        dfsp text,
        instance text,
        peer text,
        name text NOT NULL,
        method text,
        path text,
        status integer,
        frame text,
        started_at timestamptz NOT NULL,
        duration_ms double precision NOT NULL,
        request_body text,
        response_body text,
        error text,
        UNIQUE (trace_id, span_id)
      )`);
    await runner.query('CREATE INDEX spans_payment ON spans (payment_id) WHERE payment_id IS NOT NULL');
    await runner.query('CREATE INDEX spans_started ON spans (started_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE spans');
  }
}
