import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDfspKeys1796000000300 implements MigrationInterface {
  readonly name = 'CreateDfspKeys1796000000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE dfsp_keys (
        key_id text PRIMARY KEY,
        dfsp_number integer NOT NULL REFERENCES dfsps (number),
        public_key text NOT NULL UNIQUE,
        added_at timestamptz NOT NULL DEFAULT now(),
        retired_at timestamptz
      )`);
    await runner.query('CREATE INDEX dfsp_keys_of_dfsp ON dfsp_keys (dfsp_number)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dfsp_keys');
  }
}
