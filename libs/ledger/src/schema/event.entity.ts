import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type JsonObject, TransferState } from '@level-one/transfer';

/** A message from one account's owner to another's (contract 3.1). */
export interface Message {
  from: string;
  to: string;
  data: JsonObject;
}

/** A transfer entered a state, or a message was sent. Written in the same transaction as the change. */
@Entity('events')
@Check(
  'events_transfer_or_message',
  '(transfer_id IS NULL) = (state IS NULL) AND (transfer_id IS NULL) <> (message IS NULL)',
)
@Index('events_of_messages', ['sequence'], { where: 'message IS NOT NULL' })
@Index('events_one_final_state', ['transferId'], { unique: true, where: `state IN ('executed', 'rejected')` })
@Index('events_from_account', ['fromAccount', 'sequence'], { where: 'from_account IS NOT NULL' })
@Index('events_to_account', ['toAccount', 'sequence'], { where: 'to_account IS NOT NULL' })
export class EventEntity {
  /** From 1, without gaps, in order of commit. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'events_pkey' })
  sequence: string;

  /** Id of the event in frames. */
  @Column('uuid')
  id: string;

  @Column('uuid', { name: 'transfer_id', nullable: true })
  transferId: string | null;

  @Column('text', { nullable: true })
  state: TransferState | null;

  @Column('json', { nullable: true })
  message: Message | null;

  /** Debited account of the transfer, whose subscribers are notified; null for a message. */
  @Column('text', { name: 'from_account', nullable: true })
  fromAccount: string | null;

  /** Credited account of the transfer or addressee of the message, whose subscribers are notified. */
  @Column('text', { name: 'to_account', nullable: true })
  toAccount: string | null;
}
