import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { nullableMinorUnitsColumn } from '@level-one/money';

/** Money of an account held for a prepared transfer and its charges. Deleted when the transfer is final. */
@Entity('holds')
@Check('holds_amount_is_positive', 'amount > 0')
export class HoldEntity {
  @PrimaryColumn('uuid', { name: 'transfer_id', primaryKeyConstraintName: 'holds_pkey' })
  transferId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'holds_pkey' })
  account: string;

  /** Minor units. */
  @Column('bigint', { transformer: nullableMinorUnitsColumn })
  amount: bigint;
}
