import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets a statement that counts a payment refuse it, and undo itself, when it has seen the counters. */
export class RefusePayments1796300002900 implements MigrationInterface {
  readonly name = 'RefusePayments1796300002900';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION refuse_payment(counter bigint, what text) RETURNS boolean LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION USING ERRCODE = 'LV001', MESSAGE = 'A limit is exceeded', DETAIL = counter || ' ' || what;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION refuse_payment(bigint, text)');
  }
}
