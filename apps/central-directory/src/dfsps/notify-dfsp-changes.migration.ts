import { forgetChangesOf, notifyChangesOf } from '@level-one/work';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tells instances of changes of DFSPs and of their keys, which they keep in memory. */
export class NotifyDfspChanges1796300000400 implements MigrationInterface {
  readonly name = 'NotifyDfspChanges1796300000400';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...notifyChangesOf('dfsps'), ...notifyChangesOf('dfsp_keys')])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [...forgetChangesOf('dfsps'), ...forgetChangesOf('dfsp_keys')])
      await runner.query(statement);
  }
}
