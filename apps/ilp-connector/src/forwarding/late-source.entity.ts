import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';

/** A source that was past its expiry and still open at the last look at its ledger. */
@Entity({ name: 'late_sources' })
export class LateSourceEntity {
  /** Ledger of the source: `own` or `central`. */
  @PrimaryColumn({ type: 'text' })
  ledger: 'own' | 'central';

  /** The same on all ledgers. */
  @PrimaryColumn({ name: 'transfer_id', type: 'uuid' })
  transferId: string;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  /** When its ledger ends it, unless it is renewed. */
  @Column({ name: 'open_until', type: 'timestamptz' })
  openUntil: Date;
}

/** Creates `late_sources`. */
export class CreateLateSources1764420000001 implements MigrationInterface {
  readonly name = 'CreateLateSources1764420000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE late_sources (
        ledger text NOT NULL CHECK (ledger IN ('own', 'central')),
        transfer_id uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        open_until timestamptz NOT NULL,
        PRIMARY KEY (ledger, transfer_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE late_sources');
  }
}
