import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSetups1700000000200 implements MigrationInterface {
  readonly name = 'CreateSetups1700000000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE setups (
        payment_id uuid NOT NULL,
        fingerprint text NOT NULL,
        response json NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT setups_pkey PRIMARY KEY (payment_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE setups');
  }
}
