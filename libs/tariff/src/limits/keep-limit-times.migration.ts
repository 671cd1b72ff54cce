import { forgetStateTimesOf, keepStateTimesOf } from '@level-one/work';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reservations of limits keep when they were made and changed; of old ones it is not known. */
export class KeepLimitTimes1798300002500 implements MigrationInterface {
  readonly name = 'KeepLimitTimes1798300002500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE limit_reservations ADD COLUMN reserved_at timestamptz');
    await runner.query('ALTER TABLE limit_reservations ALTER COLUMN reserved_at SET DEFAULT now()');
    for (const statement of keepStateTimesOf({ table: 'limit_reservations', state: 'status' }))
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of forgetStateTimesOf('limit_reservations')) await runner.query(statement);
    await runner.query('ALTER TABLE limit_reservations DROP COLUMN reserved_at');
  }
}
