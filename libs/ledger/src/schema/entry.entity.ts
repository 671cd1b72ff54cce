import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { nullableMinorUnitsColumn } from '@level-one/money';
import { ChargeKind } from '@level-one/transfer';

/** Why an entry was booked: a transfer, a charge of it, issued money, or a settlement that a bank confirmed. */
export const EntryKind = {
  ...ChargeKind,
  Transfer: 'transfer',
  Issuance: 'issuance',
  Settlement: 'settlement',
} as const;
export type EntryKind = ChargeKind | 'transfer' | 'issuance' | 'settlement';

/**
 * One side of a booking. Written once; the database refuses to change or delete it. There are no foreign keys to
 * transfer and account, which would cost a look-up per row: both are never deleted, and an invariant finds orphans.
 */
@Entity('entries')
@Check('entries_amount_is_not_zero', 'amount <> 0')
@Check('entries_kind_is_known', `kind IN ('transfer', 'fee', 'commission', 'issuance', 'settlement')`)
@Index('entries_by_account', ['account', 'id'])
export class EntryEntity {
  /** Grows in the order of booking. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'entries_pkey' })
  id: string;

  @Column('uuid', { name: 'transfer_id' })
  transferId: string;

  @Column('text')
  account: string;

  /** Minor units: negative on the debited account, positive on the credited one. */
  @Column('bigint', { transformer: nullableMinorUnitsColumn })
  amount: bigint;

  /** Balance of the account after this entry, in minor units. */
  @Column('bigint', { transformer: nullableMinorUnitsColumn })
  balance: bigint;

  @Column('timestamptz', { name: 'booked_at' })
  bookedAt: Date;

  @Column('text', { default: 'transfer' })
  kind: EntryKind;
}
