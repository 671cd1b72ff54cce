import { QuoteSide, TransferType } from '@level-one/quote';
import { LimitPeriod } from '@level-one/tariff';
import { StoredLimitRuleDto } from './rule.dto.js';

/** Amount and number of a customer's transfers that count towards a limit. */
export class LimitUseDto {
  /** debit: sent; credit: received. @example "debit" */
  side: QuoteSide;
  /** Absent for all types together. @example "p2p" */
  transferType?: TransferType;
  /** @example "day" */
  period: LimitPeriod;
  /** First day of the period, in the DFSP's time zone. @example "2030-01-01" */
  startsOn: string;
  /** Sum of the amounts, including reserved quotes. @example "10.4" */
  amount: string;
  /** @example 1 */
  count: number;
}

/** The limits of a customer, and how much of them is used. */
export class CustomerLimitsDto {
  /** @example "USD" */
  currency: string;
  /** IANA name. @example "UTC" */
  timeZone: string;
  used: LimitUseDto[];
  /** Limits in force for this customer, by precedence: the first that matches a transfer decides. */
  limits: StoredLimitRuleDto[];
}
