import { QuoteSide, TransferType } from '@level-one/quote';
import { LimitPeriod } from '@level-one/tariff';
import { StoredLimitRuleDto } from './rule.dto.js';

/** What counts towards one limit. */
export class LimitUseDto {
  /** debit: sent; credit: received. @example "debit" */
  side: QuoteSide;
  /** Absent: all types together. @example "p2p" */
  transferType?: TransferType;
  /** @example "day" */
  period: LimitPeriod;
  /** First day of the period, in the DFSP's time zone. @example "2030-01-01" */
  startsOn: string;
  /** Together, reserved quotes included. @example "10.4" */
  amount: string;
  /** @example 1 */
  count: number;
}

/** What a customer has used of their limits, and which these are. */
export class CustomerLimitsDto {
  /** @example "USD" */
  currency: string;
  /** IANA name. @example "UTC" */
  timeZone: string;
  used: LimitUseDto[];
  /** In force for this customer, in the order in which they decide: for each transfer the first that holds for it. */
  limits: StoredLimitRuleDto[];
}
