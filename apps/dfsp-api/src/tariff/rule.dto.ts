import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsEnum,
  IsInt,
  IsISO8601,
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
import { TIMESTAMP } from '@level-one/transfer';
import { QuoteSide, TransferType } from '@level-one/quote';
import { FeeKind, type RuleProblem, RULES_MAX } from '@level-one/tariff';

/** Whatever the ledger's scale; the check of the rules says what is finer than that. */
const DECIMAL = /^-?\d{1,18}(\.\d{1,9})?$/;
/** From here on a JSON number is no longer exactly what was written. */
const NUMBER_MAX = 1e15;

/** A decimal, as text or as a JSON number; the check of the rules says that it may not be negative (422). */
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

/** A moment, to the day and with a time zone, so that nobody has to guess. */
export function IsMoment() {
  const message = '$property must be an ISO 8601 time with a time zone';
  return applyDecorators(IsISO8601({ strict: true }, { message }), Matches(TIMESTAMP, { message }));
}

/** What a rule holds for. What is absent holds for whatever it is. */
export class RuleScopeDto {
  /** The same through all versions of the rule. @example "p2p fee" */
  @IsString()
  @Length(1, 64)
  name: string;

  /** @example "p2p" */
  @IsOptional()
  @IsEnum(TransferType)
  transferType?: TransferType;

  /** ISO-4217 alpha-3; the ledger's when absent. @example "USD" */
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters' })
  currency?: string;

  /** debit: for this DFSP's payers; credit: for its payees. @example "debit" */
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

  /** The lowest number goes first. @example 1000 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  priority?: number;

  /** In force from here on; from the change on when absent. */
  @IsOptional()
  @IsMoment()
  validFrom?: string;

  /** No longer in force from here on; until further notice when absent. */
  @IsOptional()
  @IsMoment()
  validTo?: string;
}

/** One tier of a tariff (contract 5.3). */
export class FeeRuleDto extends RuleScopeDto {
  /** What a customer is charged, or what an agent is given. @example "fee" */
  @IsEnum(FeeKind)
  kind: FeeKind;

  /** The tier holds from this amount up, until another one starts. @example "20" */
  @IsOptional()
  @IsRuleAmount()
  startAmount?: string;

  /** Per cent. @example "1" */
  @IsOptional()
  @IsRuleAmount()
  percent?: string;

  /** The percentage is of what exceeds this amount. @example "0" */
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

  /** Part of the fee that a payee is not charged: DFSPs agreed that the payer's DFSP charges it. Fees of payees only. */
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
  /** From when on; not in the past; now when absent. */
  @IsOptional()
  @IsMoment()
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
  /** From when on; not in the past; now when absent. */
  @IsOptional()
  @IsMoment()
  validFrom?: string;

  @IsArray()
  @ArrayMaxSize(RULES_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => LimitRuleDto)
  rules: LimitRuleDto[];
}

/** One version of a fee rule, as it is kept. */
export class StoredFeeRuleDto extends FeeRuleDto {
  /** 1 and up. @example 1 */
  version: number;
}

/** One version of a limit, as it is kept. */
export class StoredLimitRuleDto extends LimitRuleDto {
  /** 1 and up. @example 1 */
  version: number;
}

/** Rules in force, in the order in which they decide. */
export class FeeRulesInForceDto {
  rules: StoredFeeRuleDto[];
}

/** Limits in force, in the order in which they decide. */
export class LimitRulesInForceDto {
  rules: StoredLimitRuleDto[];
}

/** All versions of a rule, the first one first. */
export class FeeRuleVersionsDto {
  versions: StoredFeeRuleDto[];
}

/** All versions of a limit, the first one first. */
export class LimitRuleVersionsDto {
  versions: StoredLimitRuleDto[];
}

/** Something about a set of rules that is wrong, or at least worth a look. */
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
  /** The rules of this moment; now when absent. */
  @IsOptional()
  @IsMoment()
  at?: string;

  /** Those alone that hold for this type of transfer; those for any type are among them. */
  @IsOptional()
  @IsEnum(TransferType)
  transferType?: TransferType;

  /** Those alone in this currency. */
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters' })
  currency?: string;

  /** Those alone that hold for this side; those for both are among them. */
  @IsOptional()
  @IsEnum(QuoteSide)
  side?: QuoteSide;

  /** How many of them are left out at the beginning. @example "0" */
  @IsOptional()
  @Matches(/^\d{1,4}$/, { message: 'offset must be a number from 0 to 9999' })
  offset?: string;

  /** At most so many; all when absent. @example "100" */
  @IsOptional()
  @Matches(/^[1-9]\d{0,3}$/, { message: 'limit must be a number from 1 to 9999' })
  limit?: string;
}

/** Query of the routes that end a rule. */
export class EndQueryDto {
  /** When it ends; not in the past; now when absent. */
  @IsOptional()
  @IsMoment()
  at?: string;
}

/** What a change of fee rules did. */
export class FeeRulesChangeDto {
  /** Versions that were written. */
  added: StoredFeeRuleDto[];
  /** Versions that end because of it. */
  ended: StoredFeeRuleDto[];
  /** Of the rules that were handed in, and of others for which the change is to blame. */
  warnings: RuleProblemDto[];
}

/** What a change of limits did. */
export class LimitRulesChangeDto {
  /** Versions that were written. */
  added: StoredLimitRuleDto[];
  /** Versions that end because of it. */
  ended: StoredLimitRuleDto[];
  /** Of the rules that were handed in, and of others for which the change is to blame. */
  warnings: RuleProblemDto[];
}

/** What is wrong with a set of rules, or worth a look. */
export class RuleProblemsDto {
  problems: RuleProblemDto[];
}
