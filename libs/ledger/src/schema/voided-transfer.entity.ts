import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * An id under which this ledger will never have a transfer, or none that debits one account (ruling 40). Kept for as long
 * as transfers are.
 */
@Entity('voided_transfers')
export class VoidedTransferEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'voided_transfers_pkey' })
  id: string;

  /** Name of the account that takes no debit under this id; empty: no account does. */
  @PrimaryColumn('text', { name: 'debit_account', default: '', primaryKeyConstraintName: 'voided_transfers_pkey' })
  debitAccount: string;

  @Column('timestamptz', { name: 'voided_at' })
  voidedAt: Date;
}
