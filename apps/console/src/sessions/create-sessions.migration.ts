import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateConsoleSessions1796900000200 implements MigrationInterface {
  readonly name = 'CreateConsoleSessions1796900000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        name text PRIMARY KEY,
        role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
        secret_hash text NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now()
      )`);
    // Without a foreign key: the users of the demo network are in no table.
    await runner.query(`
      CREATE TABLE sessions (
        token_digest bytea PRIMARY KEY,
        user_name text NOT NULL,
        begun_at timestamptz NOT NULL DEFAULT now(),
        seen_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX sessions_user ON sessions (user_name)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sessions');
    await runner.query('DROP TABLE users');
  }
}
