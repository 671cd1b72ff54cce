import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type JsonObject, TransferState } from '@level-one/transfer';

/** A message from one account's owner to another's (contract 3.1). */
export interface Message {
  from: string;
  to: string;
  data: JsonObject;
}

/** A transfer came into a state, written in the transaction that brought it there; or a message was sent. */
@Entity('events')
@Check(
  'events_transfer_or_message',
  '(transfer_id IS NULL) = (state IS NULL) AND (transfer_id IS NULL) <> (message IS NULL)',
)
@Index('events_of_messages', ['sequence'], { where: 'message IS NOT NULL' })
@Index('events_one_final_state', ['transferId'], { unique: true, where: `state IN ('executed', 'rejected')` })
export class EventEntity {
  /** From 1, without gaps, in the order of commit. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'events_pkey' })
  sequence: string;

  /** What subscribers know the event by. */
  @Column('uuid')
  id: string;

  @Column('uuid', { name: 'transfer_id', nullable: true })
  transferId: string | null;

  @Column('text', { nullable: true })
  state: TransferState | null;

  @Column('json', { nullable: true })
  message: Message | null;
}
