import { minorUnitsColumn } from '@level-one/money';
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { QuoteStatus } from './quote-status.js';
import { TransferType } from './transfer-type.js';

/**
 * What a payment will cost, agreed before it is made. Payer's and payee's DFSP each keep their side of it, and a
 * payment inside one DFSP has both.
 */
@Entity('quotes')
@Unique('quotes_payment_side', ['paymentId', 'isDebit'])
@Index('quotes_reserved_by_expiry', ['expiresAt'], { where: `status = 'reserved'` })
@Check('quotes_amount_is_positive', 'amount > 0 AND fee >= 0 AND commission >= 0')
@Check('quotes_status_is_known', `status IN ('reserved', 'used', 'expired')`)
export class Quote {
  @PrimaryColumn('bigint', { generated: 'identity', primaryKeyConstraintName: 'quotes_pkey' })
  id: string;

  @Column('uuid', { name: 'payment_id' })
  paymentId: string;

  /** True on the payer's side. */
  @Column('boolean', { name: 'is_debit' })
  isDebit: boolean;

  @Column('text')
  status: QuoteStatus;

  /** The other party. */
  @Column('text')
  identifier: string;

  /** `eur` or `tel`. */
  @Column('text', { name: 'identifier_type' })
  identifierType: string;

  @Column('text', { name: 'transfer_type' })
  transferType: TransferType;

  /** Minor units of `currency`. */
  @Column('bigint', { transformer: minorUnitsColumn })
  amount: bigint;

  /** ISO-4217 alpha-3. */
  @Column('text')
  currency: string;

  /** What this DFSP charges its own customer, in minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  fee: bigint;

  /** What this DFSP gives its own agent, in minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  commission: bigint;

  /** Ledger account URI of the payee. */
  @Column('text', { name: 'destination_account', nullable: true })
  destinationAccount: string | null;

  /** Receiver URL of the payee. */
  @Column('text', { nullable: true })
  receiver: string | null;

  /** Interledger payment request, on the payer's side. */
  @Column('text', { nullable: true })
  ipr: string | null;

  /** Seconds. */
  @Column('int', { name: 'source_expiry_duration', nullable: true })
  sourceExpiryDuration: number | null;

  /** Ledger account URI of the connector, on the payer's side. */
  @Column('text', { name: 'connector_account', nullable: true })
  connectorAccount: string | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /** Everything else the quote was asked with. */
  @Column('jsonb')
  params: Record<string, unknown>;
}
