import { minorUnitsColumn } from '@level-one/money';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { QuoteSide, TransferType } from '@level-one/quote';
import type { LimitPeriod } from './limit-period.js';

/** All types of transfers together. */
export const ANY_TYPE = '*';

/** Pool of payments that have begun; they count for all. */
export const FIRM = '';

/** Pool of reservations of DFSPs without a proven identity. */
export const UNPROVEN_POOL = '?';

/** Type of a counter. */
export type CountedType = TransferType | typeof ANY_TYPE;

/**
 * Use of limits of one subject in one day, week or month. Each transfer is counted by its type and by all types,
 * whatever limits exist, so that a new limit includes earlier transfers.
 */
@Entity('limit_usage')
@Index('limit_usage_by_start', ['startsOn'])
@Check('limit_usage_is_not_negative', 'amount >= 0 AND count >= 0')
export class LimitUsage {
  /** Account or number of the reservation. */
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

  /** Pool of the reservation, see {@link FIRM}. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'limit_usage_pkey' })
  pool: string;

  /** Minor units of `currency`. */
  @Column('bigint', { transformer: minorUnitsColumn })
  amount: bigint;

  @Column('int')
  count: number;
}

/** Use of a subject's limits in one period. */
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
