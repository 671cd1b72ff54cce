import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { BatchSweeper, HotStatements } from '@level-one/work';
import { Column, DataSource, Entity, Index, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';

/** A signature of another DFSP's request that an instance of this role took. */
@Entity({ name: 'used_signatures' })
@Index('used_signatures_forget_at', ['forgetAt'])
export class UsedSignature {
  /** SHA-256 of the key's id and the nonce. */
  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  /** Afterwards its time is too old for it to be taken again. */
  @Column({ name: 'forget_at', type: 'timestamptz' })
  forgetAt: Date;
}

/** Creates `used_signatures`; a role that other DFSPs call lists it among its migrations. */
export class CreateUsedSignatures1798400000100 implements MigrationInterface {
  readonly name = 'CreateUsedSignatures1798400000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE used_signatures (digest bytea PRIMARY KEY, forget_at timestamptz NOT NULL)');
    await runner.query('CREATE INDEX used_signatures_forget_at ON used_signatures (forget_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE used_signatures');
  }
}

/**
 * By the database's clock. The commit is not waited for until it is on the disk: other instances see the row at once,
 * and a crash of the database forgets at most what came in its last moments.
 */
const ADD = `
  WITH fast AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
  INSERT INTO used_signatures (digest, forget_at)
  SELECT $1, now() + $2 * interval '1 ms' FROM fast
  ON CONFLICT DO NOTHING RETURNING 1`;

/** Remembers signatures for all instances of a role, so that a request that was captured is taken once, by one of them. */
@Injectable()
export class UsedSignatures {
  private readonly add: (digest: Buffer, rememberMs: number) => Promise<unknown[]>;

  constructor(statements: HotStatements) {
    this.add = statements.prepare(ADD);
  }

  /** @returns false for one that was used before. @throws Error of the driver */
  async addNew(id: string, rememberMs: number): Promise<boolean> {
    const digest = createHash('sha256').update(id).digest();
    return (await this.add(digest, rememberMs)).length === 1;
  }
}

/** Forgets signatures that are too old to be taken. */
@Injectable()
export class UsedSignaturesSweeper extends BatchSweeper {
  constructor(dataSource: DataSource, logger: RoleLogger) {
    const work = async (size: number): Promise<number> => {
      const [, deleted] = await dataSource.query<[unknown, number]>(
        `DELETE FROM used_signatures WHERE digest IN
           (SELECT digest FROM used_signatures WHERE forget_at < now() ORDER BY forget_at LIMIT ${size} FOR UPDATE SKIP LOCKED)`,
      );
      return deleted;
    };
    super({ name: 'used signatures', intervalMs: 30_000, size: 1_000, logger, work });
  }
}
