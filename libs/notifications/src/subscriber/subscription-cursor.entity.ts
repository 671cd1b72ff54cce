import { Column, type DataSource, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';
import type { CursorStore } from './subscription-cursor.js';

/** Position of one subscription of this role in the log of its ledger. */
@Entity({ name: 'subscription_cursors' })
export class SubscriptionCursorEntity {
  /** Name of the subscription within the role, for example `central-ledger`. */
  @PrimaryColumn({ type: 'text' })
  name: string;

  /** Sequence of the last event handled, as a decimal string. */
  @Column({ type: 'bigint' })
  sequence: string;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;
}

/** Creates `subscription_cursors`; a role with durable subscriptions lists it among its migrations. */
export class CreateSubscriptionCursors1700000000001 implements MigrationInterface {
  readonly name = 'CreateSubscriptionCursors1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE subscription_cursors (
        name text PRIMARY KEY,
        sequence bigint NOT NULL CHECK (sequence >= 0),
        updated_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE subscription_cursors');
  }
}

/** One statement and no transaction around it, unlike an upsert of TypeORM. */
const SAVE = `
  INSERT INTO subscription_cursors (name, sequence, updated_at) VALUES ($1, $2, now())
  ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, updated_at = excluded.updated_at`;

/** Stores the cursor of one subscription in the role's database; the first start reads the whole log. */
export class DatabaseCursorStore implements CursorStore {
  readonly startsAt = 'beginning';

  constructor(
    private readonly dataSource: DataSource,
    private readonly name: string,
  ) {}

  async load(): Promise<bigint | undefined> {
    const cursor = await this.dataSource.manager.findOneBy(SubscriptionCursorEntity, { name: this.name });
    return cursor ? BigInt(cursor.sequence) : undefined;
  }

  async save(sequence: bigint): Promise<void> {
    await this.dataSource.query(SAVE, [this.name, sequence.toString()]);
  }
}
