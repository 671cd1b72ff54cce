import { minorUnitsColumn } from '@level-one/money';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { QuoteSide, TransferType } from '@level-one/quote';
import type { LimitPeriod } from './limit-period.js';

/** Stands for all types of transfers together. */
export const ANY_TYPE = '*';

/** Pool of what is counted for everybody: payments that were begun. */
export const FIRM = '';

/** Pool of what nobody who is proven asked for. */
export const UNPROVEN_POOL = '?';

/** What transfers are counted by. */
export type CountedType = TransferType | typeof ANY_TYPE;

/**
 * What somebody has made, or has set out to make, of transfers in one day, week or month: once for the type of transfer
 * and once for all of them, whatever limits there are, so that a new limit knows what was before it.
 */
@Entity('limit_usage')
@Check('limit_usage_is_not_negative', 'amount >= 0 AND count >= 0')
export class LimitUsage {
  /** Account or number, as whoever reserves calls it. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'limit_usage_pkey' })
  subject: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'limit_usage_pkey' })
  side: QuoteSide;

  /** ISO-4217 alpha-3. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'limit_usage_pkey' })
  currency: string;

  @PrimaryColumn('text', { name: 'transfer_type', primaryKeyConstraintName: 'limit_usage_pkey' })
  transferType: CountedType;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'limit_usage_pkey' })
  period: LimitPeriod;

  /** First day of the period, YYYY-MM-DD. */
  @PrimaryColumn('date', { name: 'starts_on', primaryKeyConstraintName: 'limit_usage_pkey' })
  startsOn: string;

  /** Who it was reserved for; see {@link FIRM}. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'limit_usage_pkey' })
  pool: string;

  /** Minor units of `currency`. */
  @Column('bigint', { transformer: minorUnitsColumn })
  amount: bigint;

  @Column('int')
  count: number;
}

/** What a subject has used in one period. */
export interface LimitUse {
  /** Null: all types together. */
  transferType: TransferType | null;
  period: LimitPeriod;
  /** First day of the period, YYYY-MM-DD. */
  startsOn: string;
  /** Minor units. */
  amount: bigint;
  count: number;
}
