import {
  IsDateString,
  IsEnum,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  registerDecorator,
} from 'class-validator';
import { FeeKind, QuoteSide, type RuleProblem, TransferType } from '@level-one/quote';

/** Whatever the ledger's scale; the check of the rules says what is finer than that. */
const DECIMAL = /^\d{1,18}(\.\d{1,9})?$/;

/** A decimal that is not negative, as text or as a JSON number. */
export function IsRuleAmount() {
  return (target: object, propertyName: string): void =>
    registerDecorator({
      name: 'isRuleAmount',
      target: target.constructor,
      propertyName,
      options: { message: '$property must be a decimal that is not negative' },
      validator: {
        validate: (value) => (typeof value === 'string' || typeof value === 'number') && DECIMAL.test(String(value)),
      },
    });
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
  @IsDateString({ strict: true })
  validFrom?: string;

  /** No longer in force from here on; until further notice when absent. */
  @IsOptional()
  @IsDateString({ strict: true })
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

/** What is the same of every change of rules. */
export class RuleChangeDto {
  /** From when on; not in the past; now when absent. */
  @IsOptional()
  @IsDateString({ strict: true })
  validFrom?: string;
}

/** One version of a rule as it is kept. */
export interface StoredRule {
  name: string;
  /** 1 and up. */
  version: number;
  validFrom: string;
  validTo?: string;
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
  @IsDateString({ strict: true })
  at?: string;
}
