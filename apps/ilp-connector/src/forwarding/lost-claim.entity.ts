import { forgetStateTimesOf, keepStateTimesOf, type StateTime } from '@level-one/work';
import { Check, Column, Entity, Index, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';

/** `lost`: not filed yet; then as the ledger of the source says. `booked` and `refused` are final. */
export type LostClaimState = 'lost' | 'waiting' | 'approved' | 'booked' | 'refused';

/** A fulfilment that could no longer be presented: the connector paid, and claims it at the ledger of the source. */
@Entity({ name: 'lost_claims' })
@Check('lost_claims_state', "state IN ('lost', 'waiting', 'approved', 'booked', 'refused')")
@Check('lost_claims_end', "(next_attempt_at IS NULL) = (state IN ('booked', 'refused'))")
@Index('lost_claims_due', ['nextAttemptAt'], { where: 'next_attempt_at IS NOT NULL' })
export class LostClaimEntity {
  /** Ledger of the source: `own` or `central`. */
  @PrimaryColumn({ type: 'text' })
  ledger: 'own' | 'central';

  /** The same on all ledgers. */
  @PrimaryColumn({ name: 'transfer_id', type: 'uuid' })
  transferId: string;

  /** Decimal text in the unit of that ledger. */
  @Column({ type: 'text' })
  amount: string;

  /** What the next transfer was executed with, as the ledger told it. */
  @Column({ type: 'text' })
  fulfillment: string;

  @Column({ name: 'lost_at', type: 'timestamptz' })
  lostAt: Date;

  @Column({ type: 'text' })
  state: LostClaimState;

  /** What the next ledger signed about its transfer; null until it was asked. */
  @Column({ type: 'text', nullable: true })
  statement: string | null;

  /** Since the last answer of the ledger. */
  @Column({ type: 'int' })
  attempts: number;

  /** When the ledger is asked again; null once the claim has ended. */
  @Column({ name: 'next_attempt_at', type: 'timestamptz', nullable: true })
  nextAttemptAt: Date | null;

  /** Why it was refused, or could not be filed the last time. */
  @Column({ type: 'text', nullable: true })
  reason: string | null;

  /** When it was booked or refused. */
  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  /** When its state changed; set by the database. */
  @Column({ type: 'jsonb', name: 'state_times', nullable: true, insert: false, update: false, select: false })
  stateTimes?: StateTime[] | null;
}

/** Creates `lost_claims`. */
export class CreateLostClaims1764380000000 implements MigrationInterface {
  readonly name = 'CreateLostClaims1764380000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE lost_claims (
        ledger text NOT NULL CHECK (ledger IN ('own', 'central')),
        transfer_id uuid NOT NULL,
        amount text NOT NULL,
        fulfillment text NOT NULL,
        lost_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (ledger, transfer_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE lost_claims');
  }
}

/** Claims are filed: what was kept before is filed now. A version before this one inserts rows that are filed, too. */
export class FileLostClaims1764420000000 implements MigrationInterface {
  readonly name = 'FileLostClaims1764420000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE lost_claims
        ADD state text NOT NULL DEFAULT 'lost',
        ADD statement text,
        ADD attempts integer NOT NULL DEFAULT 0,
        ADD next_attempt_at timestamptz DEFAULT now(),
        ADD reason text,
        ADD ended_at timestamptz,
        ADD CONSTRAINT lost_claims_state CHECK (state IN ('lost', 'waiting', 'approved', 'booked', 'refused')),
        ADD CONSTRAINT lost_claims_end CHECK ((next_attempt_at IS NULL) = (state IN ('booked', 'refused')))`);
    await runner.query(
      'CREATE INDEX lost_claims_due ON lost_claims (next_attempt_at) WHERE next_attempt_at IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE lost_claims DROP CONSTRAINT lost_claims_end, DROP CONSTRAINT lost_claims_state, DROP state,
        DROP statement, DROP attempts, DROP next_attempt_at, DROP reason, DROP ended_at`);
  }
}

/** Claims keep when they changed. */
export class KeepClaimTimes1798300000300 implements MigrationInterface {
  readonly name = 'KeepClaimTimes1798300000300';

  async up(runner: QueryRunner): Promise<void> {
    const claims = { table: 'lost_claims', state: 'state', attempts: 'attempts' };
    for (const statement of keepStateTimesOf(claims)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of forgetStateTimesOf('lost_claims')) await runner.query(statement);
  }
}
