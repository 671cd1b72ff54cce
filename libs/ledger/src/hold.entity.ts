import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { TransferEntity } from '@level-one/transfer';
import { AccountEntity } from './account.entity.js';
import { minorUnits } from './minor-units.js';

/** Funds of a debit account set aside for a prepared transfer; gone when the transfer is final. */
@Entity('holds')
@Check('holds_amount_is_positive', 'amount > 0')
export class HoldEntity {
  @PrimaryColumn('uuid', { name: 'transfer_id', primaryKeyConstraintName: 'holds_pkey' })
  @ForeignKey(() => TransferEntity, { name: 'holds_transfer_fkey' })
  transferId: string;

  @Column('text')
  @ForeignKey(() => AccountEntity, { name: 'holds_account_fkey' })
  account: string;

  /** Minor units. */
  @Column('bigint', { transformer: minorUnits })
  amount: bigint;
}
