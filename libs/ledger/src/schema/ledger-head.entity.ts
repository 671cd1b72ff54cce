import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row that every writer locks first, so that writers take turns and events are numbered in order of commit. */
@Entity('ledger_head')
@Check('ledger_head_is_one_row', 'id = 1')
export class LedgerHeadEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'ledger_head_pkey' })
  id: number;

  /** Number of the newest event. */
  @Column('bigint', { name: 'last_sequence' })
  lastSequence: string;

  /** How often the ledger was written. A writer that finds it as it left it has read everything already. */
  @Column('bigint', { default: 0 })
  writes: string;

  /** When an instance last wrote, by the database's clock. A long gap is a downtime (ruling 39). */
  @Column('timestamptz', { name: 'beat_at', default: () => 'now()' })
  beatAt: Date;
}
