import { forgetChangesOf, notifyChangesOf } from '@level-one/work';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lets DFSPs change, be suspended and leave. Each DFSP's key and secret become its first credentials; the columns of
 * before stay, because an older instance reads them.
 */
export class LiveParticipants1796600000700 implements MigrationInterface {
  readonly name = 'LiveParticipants1796600000700';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE dfsps
        ADD COLUMN ilp_prefix text UNIQUE,
        ADD COLUMN central_account text UNIQUE,
        ADD COLUMN status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'left')),
        ADD COLUMN status_reason text,
        ADD COLUMN status_since timestamptz NOT NULL DEFAULT now()`);
    await runner.query(`
      CREATE TABLE dfsp_former_urls (
        url text PRIMARY KEY,
        dfsp_number integer NOT NULL REFERENCES dfsps (number),
        kind text NOT NULL CHECK (kind IN ('provider', 'schemeAdapter')),
        replaced_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE dfsp_credentials (
        key text PRIMARY KEY,
        dfsp_number integer NOT NULL REFERENCES dfsps (number),
        secret_hash text NOT NULL,
        added_at timestamptz NOT NULL DEFAULT now(),
        retired_at timestamptz
      )`);
    await runner.query('CREATE INDEX dfsp_credentials_of_dfsp ON dfsp_credentials (dfsp_number)');
    await runner.query(
      'INSERT INTO dfsp_credentials (key, dfsp_number, secret_hash) SELECT key, number, secret_hash FROM dfsps',
    );
    for (const statement of notifyChangesOf('dfsp_former_urls')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of forgetChangesOf('dfsp_former_urls')) await runner.query(statement);
    await runner.query('DROP TABLE dfsp_credentials');
    await runner.query('DROP TABLE dfsp_former_urls');
    await runner.query(`
      ALTER TABLE dfsps DROP COLUMN ilp_prefix, DROP COLUMN central_account, DROP COLUMN status,
        DROP COLUMN status_reason, DROP COLUMN status_since`);
  }
}
