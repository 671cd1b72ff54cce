import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each ends with the order of the lists. Used and expired quotes, the most, have the index by time. */
const INDEXES = [
  'quotes_by_time ON quotes (created_at, id)',
  'quotes_of_customer ON quotes (own_identifier, created_at, id)',
  `quotes_reserved ON quotes (created_at, id) WHERE status = 'reserved'`,
];

/** Lists of quotes: an index for each filter. */
export class ListQuotes1796800002950 implements MigrationInterface {
  readonly name = 'ListQuotes1796800002950';

  async up(runner: QueryRunner): Promise<void> {
    for (const index of INDEXES) await runner.query(`CREATE INDEX ${index}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of INDEXES) await runner.query(`DROP INDEX ${index.split(' ')[0]}`);
  }
}
