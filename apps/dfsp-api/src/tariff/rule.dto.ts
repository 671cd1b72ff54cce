import { PageLimit } from '@level-one/platform';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsEnum,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  registerDecorator,
  ValidateNested,
} from 'class-validator';
import { IsTimestamp } from '@level-one/peers';
import { QuoteSide, TransferType } from '@level-one/quote';
import { FeeKind, type RuleProblem, RULES_MAX } from '@level-one/tariff';

/** A decimal of any scale; the check of the rules refuses what is finer than the ledger's. */
const DECIMAL = /^-?\d{1,18}(\.\d{1,9})?$/;
/** From here on a JSON number may be inexact. */
const NUMBER_MAX = 1e15;

/** A decimal, as text or as a JSON number; the check of the rules refuses negative ones (422). */
export function IsRuleAmount() {
  return (target: object, propertyName: string): void =>
    registerDecorator({
      name: 'isRuleAmount',
      target: target.constructor,
      propertyName,
      options: { message: '$property must be a decimal, given as text from 1e15 up' },
      validator: {
        validate: isRuleAmount,
      },
    });
}

function isRuleAmount(value: unknown): boolean {
  if (typeof value === 'number' && Math.abs(value) >= NUMBER_MAX) return false;
  return (typeof value === 'string' || typeof value === 'number') && DECIMAL.test(String(value));
}

/** Scope of a rule. An absent member matches any value. */
export class RuleScopeDto {
  /** Name of the rule; all its versions have it. @example "p2p fee" */
  @IsString()
  @Length(1, 64)
  name: string;

  /** @example "p2p" */
  @IsOptional()
  @IsEnum(TransferType)
  transferType?: TransferType;

  /** ISO 4217 alpha-3; the ledger's currency when absent. @example "USD" */
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters' })
  currency?: string;

  /** debit: this DFSP's payers; credit: its payees; absent: both. @example "debit" */
  @IsOptional()
  @IsEnum(QuoteSide)
  side?: QuoteSide;

  /** Number of the payer. */
  @IsOptional()
  @IsString()
  @Length(1, 32)
  payerIdentifier?: string;

  /** Number of the payee. */
  @IsOptional()
  @IsString()
  @Length(1, 32)
  payeeIdentifier?: string;

  /** The rule with the lowest number decides. @example 1000 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  priority?: number;

  /** In force from this moment on; from the change on when absent. */
  @IsOptional()
  @IsTimestamp()
  validFrom?: string;

  /** In force until this moment; without end when absent. */
  @IsOptional()
  @IsTimestamp()
  validTo?: string;
}

/** One tier of a tariff (contract 5.3). */
export class FeeRuleDto extends RuleScopeDto {
  /** fee: charged to a customer; commission: given to an agent. @example "fee" */
  @IsEnum(FeeKind)
  kind: FeeKind;

  /** The tier begins at this amount, and ends where the next one begins. @example "20" */
  @IsOptional()
  @IsRuleAmount()
  startAmount?: string;

  /** Per cent. @example "1" */
  @IsOptional()
  @IsRuleAmount()
  percent?: string;

  /** The percentage applies to the part above this amount. @example "0" */
  @IsOptional()
  @IsRuleAmount()
  percentBase?: string;

  /** @example "1" */
  @IsOptional()
  @IsRuleAmount()
  minValue?: string;

  /** @example "5" */
  @IsOptional()
  @IsRuleAmount()
  maxValue?: string;

  /**
   * Part of the payee's fee that the payee is not charged, because the payer's DFSP charges it. Only for fees of
   * payees.
   */
  @IsOptional()
  @IsRuleAmount()
  payerFeeCredit?: string;
}

/** Bounds of one transfer, and of a customer's transfers of a day, a week and a month together. */
export class LimitRuleDto extends RuleScopeDto {
  /** @example "10" */
  @IsOptional()
  @IsRuleAmount()
  minAmount?: string;

  /** @example "1000" */
  @IsOptional()
  @IsRuleAmount()
  maxAmount?: string;

  /** @example "1000" */
  @IsOptional()
  @IsRuleAmount()
  maxAmountDaily?: string;

  /** @example "4000" */
  @IsOptional()
  @IsRuleAmount()
  maxAmountWeekly?: string;

  /** @example "10000" */
  @IsOptional()
  @IsRuleAmount()
  maxAmountMonthly?: string;

  /** @example 10 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  maxCountDaily?: number;

  /** @example 40 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  maxCountWeekly?: number;

  /** @example 100 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  maxCountMonthly?: number;
}

/** A set of fee rules. */
export class FeeRulesDto {
  /** Begin of the change; not in the past; now when absent. */
  @IsOptional()
  @IsTimestamp()
  validFrom?: string;

  @IsArray()
  @ArrayMaxSize(RULES_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => FeeRuleDto)
  rules: FeeRuleDto[];
}

/** A set of limits. */
export class LimitRulesDto {
  /** Begin of the change; not in the past; now when absent. */
  @IsOptional()
  @IsTimestamp()
  validFrom?: string;

  @IsArray()
  @ArrayMaxSize(RULES_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => LimitRuleDto)
  rules: LimitRuleDto[];
}

/** One stored version of a fee rule. */
export class StoredFeeRuleDto extends FeeRuleDto {
  /** Version number, from 1. @example 1 */
  version: number;
}

/** One stored version of a limit. */
export class StoredLimitRuleDto extends LimitRuleDto {
  /** Version number, from 1. @example 1 */
  version: number;
}

/** Rules in force, by precedence. */
export class FeeRulesInForceDto {
  rules: StoredFeeRuleDto[];
}

/** Limits in force, by precedence. */
export class LimitRulesInForceDto {
  rules: StoredLimitRuleDto[];
}

/** All versions of a rule, oldest first. */
export class FeeRuleVersionsDto {
  versions: StoredFeeRuleDto[];
}

/** All versions of a limit, oldest first. */
export class LimitRuleVersionsDto {
  versions: StoredLimitRuleDto[];
}

/** A problem of a set of rules: an error, or a warning. */
export class RuleProblemDto implements Omit<RuleProblem, 'kind'> {
  /** @example "gap" */
  kind: string;
  /** @example "warning" */
  severity: 'error' | 'warning';
  /** @example ["p2p fee"] */
  rules: string[];
  message: string;
}

/** Query of `GET /feeRules` and `GET /limitRules`. */
export class RulesQueryDto {
  /** Moment whose rules are read; now when absent. */
  @IsOptional()
  @IsTimestamp()
  at?: string;

  /** Only rules that match this type of transfer, including those for any type. */
  @IsOptional()
  @IsEnum(TransferType)
  transferType?: TransferType;

  /** Only rules in this currency. */
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters' })
  currency?: string;

  /** Only rules that match this side, including those for both. */
  @IsOptional()
  @IsEnum(QuoteSide)
  side?: QuoteSide;

  /** Rules to skip. @example "0" */
  @IsOptional()
  @Matches(/^\d{1,4}$/, { message: 'offset must be a number from 0 to 9999' })
  offset?: string;

  /** Maximum of rules in the answer; all when absent. @example "100" */
  @PageLimit(9999)
  limit?: string;
}

/** Query of the routes that end a rule. */
export class EndQueryDto {
  /** Moment at which the rule ends; not in the past; now when absent. */
  @IsOptional()
  @IsTimestamp()
  at?: string;
}

/** Result of a change of fee rules. */
export class FeeRulesChangeDto {
  /** Versions that were added. */
  added: StoredFeeRuleDto[];
  /** Versions that the change ends. */
  ended: StoredFeeRuleDto[];
  /** Warnings about the new rules, and about others that the change affects. */
  warnings: RuleProblemDto[];
}

/** Result of a change of limits. */
export class LimitRulesChangeDto {
  /** Versions that were added. */
  added: StoredLimitRuleDto[];
  /** Versions that the change ends. */
  ended: StoredLimitRuleDto[];
  /** Warnings about the new rules, and about others that the change affects. */
  warnings: RuleProblemDto[];
}

/** Problems of a set of rules: errors and warnings. */
export class RuleProblemsDto {
  problems: RuleProblemDto[];
}
