import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDfsps1700000000000 implements MigrationInterface {
  readonly name = 'CreateDfsps1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE dfsps (
        number integer PRIMARY KEY CHECK (number BETWEEN 1 AND 999),
        name text NOT NULL UNIQUE,
        short_name text NOT NULL,
        provider_url text NOT NULL,
        scheme_adapter_url text,
        origins text[] NOT NULL CHECK (cardinality(origins) > 0),
        key text NOT NULL UNIQUE,
        secret_hash text NOT NULL
      )`);
    await runner.query('CREATE UNIQUE INDEX dfsps_short_name ON dfsps (lower(short_name))');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dfsps');
  }
}
