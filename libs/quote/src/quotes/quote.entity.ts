import type { StateTime } from '@level-one/work';
import { minorUnitsColumn, nullableMinorUnitsColumn } from '@level-one/money';
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AmountType } from '../terms/amount-type.js';
import { QuoteSide } from '../terms/quote-side.js';
import { QuoteStatus } from '../terms/quote-status.js';
import { TransferType } from '../terms/transfer-type.js';

/** Whether it is the payer's side, as the database stores it. */
export function isPayers(side: QuoteSide): boolean {
  return side === QuoteSide.Debit;
}

/** A side as the column `is_debit`. */
const sideColumn = {
  from: (isOfPayer: boolean): QuoteSide => (isOfPayer ? QuoteSide.Debit : QuoteSide.Credit),
  to: isPayers,
};

/**
 * The agreed price of a payment. The DFSPs of payer and payee each store their side; a payment inside one DFSP has
 * both.
 */
@Entity('quotes')
@Unique('quotes_payment_side', ['paymentId', 'side'])
@Index('quotes_over', ['expiresAt'], { where: `status IN ('used', 'expired')` })
@Index('quotes_reserved_by_expiry', ['expiresAt'], { where: `status = 'reserved'` })
@Index('quotes_asked_by', ['askedBy', 'ownIdentifier'], { where: `status = 'reserved' AND NOT is_debit` })
@Index('quotes_of_receiver', ['receiver', 'ownIdentifier', 'id'], { where: 'is_debit' })
@Index('quotes_by_time', ['createdAt', 'id'])
@Index('quotes_of_customer', ['ownIdentifier', 'createdAt', 'id'])
@Index('quotes_reserved', ['createdAt', 'id'], { where: `status = 'reserved'` })
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

  /** Stored as whether it is the payer's side. */
  @Column('boolean', { name: 'is_debit', transformer: sideColumn })
  side: QuoteSide;

  @Column('text')
  status: QuoteStatus;

  /** Number of the other party: the payee on the payer's side, the payer on the payee's. See {@link partiesOf}. */
  @Column('text')
  identifier: string;

  /** `eur` or `tel`. */
  @Column('text', { name: 'identifier_type' })
  identifierType: string;

  /** Number of this DFSP's own customer. */
  @Column('text', { name: 'own_identifier' })
  ownIdentifier: string;

  /** `eur` or `tel`. */
  @Column('text', { name: 'own_identifier_type' })
  ownIdentifierType: string;

  @Column('text', { name: 'transfer_type' })
  transferType: TransferType;

  /** Id of the invoice, if the type is `invoice` and one was named. */
  @Column('text', { name: 'invoice_id', nullable: true })
  invoiceId: string | null;

  @Column('text', { name: 'amount_type' })
  amountType: AmountType;

  /** The requested amount, in minor units of `currency`. */
  @Column('bigint', { transformer: minorUnitsColumn })
  amount: bigint;

  /** T: amount of the transfer, in minor units. */
  @Column('bigint', { name: 'transfer_amount', transformer: minorUnitsColumn })
  transferAmount: bigint;

  /** R: amount that the payee keeps, in minor units. */
  @Column('bigint', { name: 'receive_amount', transformer: minorUnitsColumn })
  receiveAmount: bigint;

  /** Fee that the payee's DFSP deducts from T, in minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  charged: bigint;

  /** Currency of the amounts, that of the payee's ledger; ISO-4217 alpha-3. */
  @Column('text')
  currency: string;

  /** Decimals of that currency. */
  @Column('int')
  scale: number;

  /**
   * Debit of the payer's account for the transfer, in minor units of this DFSP's own currency; null on the payee's
   * side.
   */
  @Column('bigint', { name: 'source_amount', nullable: true, transformer: nullableMinorUnitsColumn })
  sourceAmount: bigint | null;

  /** Fee of this DFSP's own customer, in minor units of its own currency: F on the payer's side, P on the payee's. */
  @Column('bigint', { transformer: minorUnitsColumn })
  fee: bigint;

  /** Commission of this DFSP's own agent, in minor units of its own currency. */
  @Column('bigint', { transformer: minorUnitsColumn })
  commission: bigint;

  /** Fee of the other DFSP's customer, in minor units of `currency`: P on the payer's side, F on the payee's. */
  @Column('bigint', { name: 'peer_fee', transformer: minorUnitsColumn })
  peerFee: bigint;

  /** Commission of the other DFSP's agent if known, in minor units of `currency`. */
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

  /** In seconds. */
  @Column('int', { name: 'source_expiry_duration', nullable: true })
  sourceExpiryDuration: number | null;

  /** Ledger account URI of the connector, on the payer's side. */
  @Column('text', { name: 'connector_account', nullable: true })
  connectorAccount: string | null;

  /** Short name of the requesting DFSP if its identity was proven, else null; null on the payer's side. */
  @Column('text', { name: 'asked_by', nullable: true })
  askedBy: string | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /**
   * When the prepared transfer arrived that holds the quote. The quote does not expire meanwhile. Null: no transfer
   * holds it.
   */
  @Column('timestamptz', { name: 'held_at', nullable: true })
  heldAt: Date | null;

  /** When the price was shown to the payer; null: never. */
  @Column('timestamptz', { name: 'shown_at', nullable: true })
  shownAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** All other parameters of the request. */
  @Column('jsonb')
  params: Record<string, unknown>;

  /** When its state changed; set by the database. */
  @Column({ type: 'jsonb', name: 'state_times', nullable: true, insert: false, update: false, select: false })
  stateTimes?: StateTime[] | null;
}

/** Numbers of payer and payee. */
export interface QuoteParties {
  payerIdentifier: string;
  payerIdentifierType: string;
  payeeIdentifier: string;
  payeeIdentifierType: string;
}

type OfParties = Pick<Quote, 'side' | 'identifier' | 'identifierType' | 'ownIdentifier' | 'ownIdentifierType'>;

export function partiesOf({
  side,
  identifier,
  identifierType,
  ownIdentifier,
  ownIdentifierType,
}: OfParties): QuoteParties {
  const other = { identifier, type: identifierType };
  const own = { identifier: ownIdentifier, type: ownIdentifierType };
  const [payer, payee] = isPayers(side) ? [own, other] : [other, own];
  return {
    payerIdentifier: payer.identifier,
    payerIdentifierType: payer.type,
    payeeIdentifier: payee.identifier,
    payeeIdentifierType: payee.type,
  };
}

/** The columns of one side, from the numbers of payer and payee. */
export function sideColumns(side: QuoteSide, parties: QuoteParties): OfParties {
  const { payerIdentifier, payerIdentifierType, payeeIdentifier, payeeIdentifierType } = parties;
  const payer = { identifier: payerIdentifier, type: payerIdentifierType };
  const payee = { identifier: payeeIdentifier, type: payeeIdentifierType };
  const [own, other] = isPayers(side) ? [payer, payee] : [payee, payer];
  return {
    side,
    identifier: other.identifier,
    identifierType: other.type,
    ownIdentifier: own.identifier,
    ownIdentifierType: own.type,
  };
}
