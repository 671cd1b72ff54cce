import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row that a writer of the ledger locks first: writers take turns, and event numbers follow commits. */
@Entity('ledger_head')
@Check('ledger_head_is_one_row', 'id = 1')
export class LedgerHeadEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'ledger_head_pkey' })
  id: number;

  /** Number of the newest event. */
  @Column('bigint', { name: 'last_sequence' })
  lastSequence: string;
}
