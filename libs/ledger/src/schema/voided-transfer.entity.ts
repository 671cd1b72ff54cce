import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An id under which this ledger will never have a transfer (ruling 40). Kept for as long as transfers are. */
@Entity('voided_transfers')
export class VoidedTransferEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'voided_transfers_pkey' })
  id: string;

  @Column('timestamptz', { name: 'voided_at' })
  voidedAt: Date;
}
