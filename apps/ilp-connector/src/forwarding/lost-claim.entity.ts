import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';

/** A fulfilment that could no longer be presented: the connector paid, and is not paid for it yet. */
@Entity({ name: 'lost_claims' })
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
