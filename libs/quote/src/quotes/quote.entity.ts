import { minorUnitsColumn, nullableMinorUnitsColumn } from '@level-one/money';
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AmountType } from '../terms/amount-type.js';
import { QuoteStatus } from '../terms/quote-status.js';
import { TransferType } from '../terms/transfer-type.js';

/**
 * What a payment will cost, agreed before it is made. Payer's and payee's DFSP each keep their side of it, and a
 * payment inside one DFSP has both.
 */
@Entity('quotes')
@Unique('quotes_payment_side', ['paymentId', 'isDebit'])
@Index('quotes_reserved_by_expiry', ['expiresAt'], { where: `status = 'reserved'` })
@Index('quotes_asked_by', ['askedBy', 'ownIdentifier'], { where: `status = 'reserved' AND NOT is_debit` })
@Index('quotes_of_receiver', ['receiver', 'ownIdentifier', 'id'], { where: 'is_debit' })
@Check('quotes_amount_is_positive', 'amount > 0 AND fee >= 0 AND commission >= 0')
@Check('quotes_amount_type_is_known', `amount_type IN ('SEND', 'RECEIVE')`)
@Check('quotes_price_adds_up', 'receive_amount > 0 AND charged >= 0 AND receive_amount + charged = transfer_amount')
@Check('quotes_peer_is_not_negative', 'peer_fee >= 0 AND peer_commission >= 0')
@Check('quotes_source_amount_is_positive', 'source_amount > 0')
@Check('quotes_debit_has_source', '(source_amount IS NOT NULL) = is_debit')
@Check('quotes_scale_is_known', 'scale BETWEEN 0 AND 9')
@Check('quotes_held_is_reserved', `held_at IS NULL OR status = 'reserved'`)
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

  /** The other party: the payee on the payer's side, the payer on the payee's. {@link partiesOf} tells them apart. */
  @Column('text')
  identifier: string;

  /** `eur` or `tel`. */
  @Column('text', { name: 'identifier_type' })
  identifierType: string;

  /** This DFSP's own customer. */
  @Column('text', { name: 'own_identifier' })
  ownIdentifier: string;

  /** `eur` or `tel`. */
  @Column('text', { name: 'own_identifier_type' })
  ownIdentifierType: string;

  @Column('text', { name: 'transfer_type' })
  transferType: TransferType;

  /** Where the type is `invoice`: the invoice, if one was named. */
  @Column('text', { name: 'invoice_id', nullable: true })
  invoiceId: string | null;

  @Column('text', { name: 'amount_type' })
  amountType: AmountType;

  /** What was asked for, in minor units of `currency`. */
  @Column('bigint', { transformer: minorUnitsColumn })
  amount: bigint;

  /** T: what the transfer has to be of, in minor units. */
  @Column('bigint', { name: 'transfer_amount', transformer: minorUnitsColumn })
  transferAmount: bigint;

  /** R: what stays with the payee, in minor units. */
  @Column('bigint', { name: 'receive_amount', transformer: minorUnitsColumn })
  receiveAmount: bigint;

  /** What the payee's DFSP takes out of T, in minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  charged: bigint;

  /** Of the amounts, which is that of the payee's ledger; ISO-4217 alpha-3. */
  @Column('text')
  currency: string;

  /** Decimals of one minor unit of that currency there. */
  @Column('int')
  scale: number;

  /**
   * What leaves the payer's account for the transfer, in minor units of this DFSP's own currency; null on the payee's
   * side.
   */
  @Column('bigint', { name: 'source_amount', nullable: true, transformer: nullableMinorUnitsColumn })
  sourceAmount: bigint | null;

  /** What this DFSP charges its own customer, in minor units of its own currency: F on the payer's side, P on the payee's. */
  @Column('bigint', { transformer: minorUnitsColumn })
  fee: bigint;

  /** What this DFSP gives its own agent, in minor units of its own currency. */
  @Column('bigint', { transformer: minorUnitsColumn })
  commission: bigint;

  /** What the other DFSP charges its customer, in minor units of `currency`: P on the payer's side, F on the payee's. */
  @Column('bigint', { name: 'peer_fee', transformer: minorUnitsColumn })
  peerFee: bigint;

  /** What the other DFSP gives its agent, as far as it told, in minor units of `currency`. */
  @Column('bigint', { name: 'peer_commission', transformer: minorUnitsColumn })
  peerCommission: bigint;

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

  /** Short name of the DFSP that is proven to have asked for it; null when nobody is, and on the payer's side. */
  @Column('text', { name: 'asked_by', nullable: true })
  askedBy: string | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /** When the prepared transfer arrived that holds the quote, which does not expire meanwhile; null: none does. */
  @Column('timestamptz', { name: 'held_at', nullable: true })
  heldAt: Date | null;

  /** When the payer was shown what it costs; null: never. */
  @Column('timestamptz', { name: 'shown_at', nullable: true })
  shownAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** Everything else the quote was asked with. */
  @Column('jsonb')
  params: Record<string, unknown>;
}

/** Who pays and who is paid, by number. */
export interface QuoteParties {
  payerIdentifier: string;
  payerIdentifierType: string;
  payeeIdentifier: string;
  payeeIdentifierType: string;
}

type OfParties = Pick<Quote, 'isDebit' | 'identifier' | 'identifierType' | 'ownIdentifier' | 'ownIdentifierType'>;

export function partiesOf({
  isDebit,
  identifier,
  identifierType,
  ownIdentifier,
  ownIdentifierType,
}: OfParties): QuoteParties {
  const other = { identifier, type: identifierType };
  const own = { identifier: ownIdentifier, type: ownIdentifierType };
  const [payer, payee] = isDebit ? [own, other] : [other, own];
  return {
    payerIdentifier: payer.identifier,
    payerIdentifierType: payer.type,
    payeeIdentifier: payee.identifier,
    payeeIdentifierType: payee.type,
  };
}

/** The columns of one party's side, from who pays and who is paid. */
export function sideColumns(isDebit: boolean, parties: QuoteParties): OfParties {
  const { payerIdentifier, payerIdentifierType, payeeIdentifier, payeeIdentifierType } = parties;
  const payer = { identifier: payerIdentifier, type: payerIdentifierType };
  const payee = { identifier: payeeIdentifier, type: payeeIdentifierType };
  const [own, other] = isDebit ? [payer, payee] : [payee, payer];
  return {
    isDebit,
    identifier: other.identifier,
    identifierType: other.type,
    ownIdentifier: own.identifier,
    ownIdentifierType: own.type,
  };
}
