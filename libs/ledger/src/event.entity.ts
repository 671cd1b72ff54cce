import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TransferEntity, TransferState } from '@level-one/transfer';

/** A transfer came into a state; written in the transaction that brought it there. */
@Entity('events')
@Index('events_one_final_state', ['transferId'], { unique: true, where: `state IN ('executed', 'rejected')` })
export class EventEntity {
  /** From 1, without gaps, in the order of commit. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'events_pkey' })
  sequence: string;

  /** What subscribers know the event by. */
  @Column('uuid')
  id: string;

  @Column('uuid', { name: 'transfer_id' })
  @ForeignKey(() => TransferEntity, { name: 'events_transfer_fkey' })
  transferId: string;

  @Column('text')
  state: TransferState;
}
