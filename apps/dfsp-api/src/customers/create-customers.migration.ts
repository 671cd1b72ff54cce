import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCustomers1700000001000 implements MigrationInterface {
  readonly name = 'CreateCustomers1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE customers (
        identifier text NOT NULL,
        first_name text NOT NULL,
        last_name text NOT NULL,
        name text NOT NULL,
        image_url text NOT NULL,
        national_id text,
        dob text,
        is_merchant boolean NOT NULL,
        CONSTRAINT customers_pkey PRIMARY KEY (identifier)
      )`);
    await runner.query(`
      CREATE TABLE customer_accounts (
        name text NOT NULL,
        identifier text NOT NULL REFERENCES customers (identifier),
        type text NOT NULL,
        is_primary boolean NOT NULL,
        CONSTRAINT customer_accounts_pkey PRIMARY KEY (name)
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX customer_accounts_one_primary ON customer_accounts (identifier) WHERE is_primary`);
    await runner.query('CREATE INDEX customer_accounts_identifier ON customer_accounts (identifier)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE customer_accounts');
    await runner.query('DROP TABLE customers');
  }
}
