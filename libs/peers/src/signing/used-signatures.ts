import { createHash } from 'node:crypto';
import type { RoleLogger } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import { Column, DataSource, Entity, Index, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';
import { SeenOnce } from './seen-once.js';

/** A signature of another DFSP's request that an instance of this role took. */
@Entity({ name: 'used_signatures' })
@Index('used_signatures_added_at', ['addedAt'])
export class UsedSignature {
  /** SHA-256 of the key's id and the nonce. */
  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  @Column({ name: 'added_at', type: 'timestamptz' })
  addedAt: Date;
}

/** Creates `used_signatures`; a role that other DFSPs call lists it among its migrations. */
export class CreateUsedSignatures1798400000100 implements MigrationInterface {
  readonly name = 'CreateUsedSignatures1798400000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE used_signatures (digest bytea PRIMARY KEY, added_at timestamptz NOT NULL)');
    await runner.query('CREATE INDEX used_signatures_added_at ON used_signatures (added_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE used_signatures');
  }
}

const SHARE_INTERVAL_MS = 1_000;
/** A row may become visible so long after the time that it has. */
const LATEST_COMMIT_MS = 10_000;
/** Most signatures of one statement, and most that wait while the database is away; the oldest are dropped. */
const WAITING_MAX = 50_000;

const WRITE = `
  WITH old AS (DELETE FROM used_signatures WHERE added_at < now() - $2 * interval '1 ms')
  INSERT INTO used_signatures (digest, added_at) SELECT digest, now() FROM unnest($1::bytea[]) AS digest
  ON CONFLICT DO NOTHING`;
const READ = `SELECT digest FROM used_signatures WHERE added_at > now() - $1 * interval '1 ms'`;

function digestOf(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}

/**
 * Tells all instances of a role which signatures were taken, once a second, so that a request that was captured is not
 * taken by another one later. It costs no payment a statement. Within that second another instance may take it too, and
 * gives the answer of the first: every hop has an id.
 */
export class UsedSignatures extends Keeper {
  private readonly taken: SeenOnce;
  private waiting: string[] = [];
  private readAt = -Infinity;

  /** @param rememberMs how long a signature can be used */
  constructor(
    private readonly dataSource: DataSource,
    private readonly rememberMs: number,
    logger: RoleLogger,
  ) {
    super({ name: 'used signatures', intervalMs: SHARE_INTERVAL_MS, logger });
    this.taken = new SeenOnce(rememberMs);
  }

  /** Whether another instance took it, or this one before its last start. */
  has(id: string): boolean {
    return this.taken.size > 0 && this.taken.has(digestOf(id).toString('base64'));
  }

  /** Notes one that this instance took, for the others. */
  add(id: string): void {
    if (this.waiting.length >= WAITING_MAX) this.waiting.shift();
    this.waiting.push(id);
  }

  /** What was taken before the start is known before the first request. */
  override async onApplicationBootstrap(): Promise<void> {
    await this.share();
    await super.onApplicationBootstrap();
  }

  override async beforeApplicationShutdown(): Promise<void> {
    await super.beforeApplicationShutdown();
    await this.tellOthers().catch(() => undefined);
  }

  /** Tells what this instance took, and learns what others did. @throws Error of the driver */
  async share(): Promise<void> {
    const now = performance.now();
    await this.tellOthers();
    const sinceMs = Math.min(now - this.readAt + LATEST_COMMIT_MS, this.rememberMs);
    const rows = await this.dataSource.query<{ digest: Buffer }[]>(READ, [Math.ceil(sinceMs)]);
    for (const { digest } of rows) this.taken.add(digest.toString('base64'));
    this.readAt = now;
  }

  protected async sweep(): Promise<void> {
    await this.share();
  }

  private async tellOthers(): Promise<void> {
    const { waiting } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    try {
      await this.dataSource.query(WRITE, [waiting.map(digestOf), this.rememberMs]);
    } catch (error) {
      this.waiting = [...waiting, ...this.waiting].slice(-WAITING_MAX);
      throw error;
    }
  }
}
