import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateUsers1700000000000 implements MigrationInterface {
  readonly name = 'CreateUsers1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        number text NOT NULL CHECK (number ~ '^[0-9]{1,8}$'),
        dfsp_identifier text NOT NULL CHECK (dfsp_identifier ~ '^[0-9]{3}:[0-9]{1,10}$'),
        is_primary boolean NOT NULL,
        UNIQUE (number, dfsp_identifier)
      )`);
    await runner.query('CREATE UNIQUE INDEX users_one_primary ON users (number) WHERE is_primary');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE users');
  }
}
