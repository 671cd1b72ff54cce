import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { nullableMinorUnitsColumn } from '@level-one/money';

/** Payer or payee of a charge of the scheme. */
export enum ChargeParty {
  /** The debited account of the transfer. */
  Sender = 'sender',
  /** The credited account of the transfer. */
  Receiver = 'receiver',
  /** The scheme: its account {@link SCHEME_FEES_ACCOUNT}. */
  Ledger = 'ledger',
}

export enum RateType {
  /** The rate is an amount. */
  Flat = 'flat',
  /** The rate is a fraction of the transfer's amount: 0.05 is 5 %. */
  Percent = 'percent',
}

/** Account that pays and receives the charges of the party `ledger`. */
export const SCHEME_FEES_ACCOUNT = 'fees';

/** Decimals of a rate of type `percent`. */
export const RATE_SCALE = 6;

/** A charge of the scheme for every transfer whose amount is within its bounds. */
@Entity('scheme_charges')
@Check('scheme_charges_parties_differ', 'payer <> payee')
@Check('scheme_charges_rate_is_positive', 'rate > 0')
@Check('scheme_charges_bounds', 'minimum >= 0 AND (maximum IS NULL OR maximum >= minimum)')
export class SchemeChargeEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'scheme_charges_pkey' })
  name: string;

  /** Three characters. */
  @Column('text')
  code: string;

  @Column('text', { name: 'rate_type' })
  rateType: RateType;

  /** Minor units if flat, millionths if percent. */
  @Column('bigint', { transformer: nullableMinorUnitsColumn })
  rate: bigint;

  /** Smallest transfer amount it applies to, in minor units. */
  @Column('bigint', { transformer: nullableMinorUnitsColumn })
  minimum: bigint;

  /** Largest transfer amount it applies to, in minor units; null: no bound. */
  @Column('bigint', { nullable: true, transformer: nullableMinorUnitsColumn })
  maximum: bigint | null;

  @Column('boolean', { name: 'is_active' })
  isActive: boolean;

  @Column('text')
  payer: ChargeParty;

  @Column('text')
  payee: ChargeParty;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}

/** A charge of the scheme as plain data. */
export type SchemeCharge = Pick<SchemeChargeEntity, keyof SchemeChargeEntity>;
