import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { nullableMinorUnitsColumn } from '@level-one/money';
import { ChargeKind } from '@level-one/transfer';

/** A charge, which moves together with its transfer or not at all (ruling 10). Written once. */
@Entity('charges')
@Check('charges_amount_is_positive', 'amount > 0')
@Check('charges_kind_is_known', `kind IN ('fee', 'commission')`)
@Check('charges_between_two_accounts', 'debit_account <> credit_account')
@Index('charges_waiting_by_time', ['putAt'], { where: 'is_waiting' })
export class ChargeEntity {
  /** Its transfer, which may come later than the charge. */
  @PrimaryColumn('uuid', { name: 'transfer_id', primaryKeyConstraintName: 'charges_pkey' })
  transferId: string;

  /** From 0, in the order of the request. */
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'charges_pkey' })
  position: number;

  @Column('text', { name: 'debit_account' })
  debitAccount: string;

  @Column('text', { name: 'credit_account' })
  creditAccount: string;

  /** Minor units. */
  @Column('bigint', { transformer: nullableMinorUnitsColumn })
  amount: bigint;

  @Column('text')
  kind: ChargeKind;

  @Column('timestamptz', { name: 'put_at' })
  putAt: Date;

  /** Whether its transfer is unknown so far. */
  @Column('boolean', { name: 'is_waiting' })
  isWaiting: boolean;
}

/** The content of a charge as requested. */
export type Charge = Pick<ChargeEntity, 'debitAccount' | 'creditAccount' | 'amount' | 'kind'>;

/** Maximum number of charges of one transfer. */
export const CHARGES_MAX = 16;

export function isSameCharge(a: Charge, b: Charge): boolean {
  return (
    a.debitAccount === b.debitAccount &&
    a.creditAccount === b.creditAccount &&
    a.amount === b.amount &&
    a.kind === b.kind
  );
}

/** Whether two lists have equal charges in the same order. */
export function areSameCharges(a: readonly Charge[], b: readonly Charge[]): boolean {
  return a.length === b.length && a.every((charge, index) => isSameCharge(charge, b[index]!));
}
