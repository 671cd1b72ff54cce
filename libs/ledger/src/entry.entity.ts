import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { TransferEntity } from '@level-one/transfer';
import { AccountEntity } from './account.entity.js';
import { minorUnits } from './minor-units.js';

/** One side of a booking. Written once; the database refuses to change or delete it. */
@Entity('entries')
@Check('entries_amount_is_not_zero', 'amount <> 0')
@Index('entries_by_account', ['account', 'id'])
export class EntryEntity {
  /** Grows in the order of booking. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'entries_pkey' })
  id: string;

  @Column('uuid', { name: 'transfer_id' })
  @ForeignKey(() => TransferEntity, { name: 'entries_transfer_fkey' })
  transferId: string;

  @Column('text')
  @ForeignKey(() => AccountEntity, { name: 'entries_account_fkey' })
  account: string;

  /** Minor units: negative on the debited account, positive on the credited one. */
  @Column('bigint', { transformer: minorUnits })
  amount: bigint;

  /** What the account had posted after this entry, in minor units. */
  @Column('bigint', { transformer: minorUnits })
  balance: bigint;

  @Column('timestamptz', { name: 'booked_at' })
  bookedAt: Date;
}
