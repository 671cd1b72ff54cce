import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, ValidateNested } from 'class-validator';
import { ErrorDto } from '@level-one/peers';
import { FeeKind, FeeRules, RULES_MAX } from '@level-one/quote';
import { formatShortest } from '@level-one/money';
import { givenAmount } from '../amounts.js';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { ChargesDto, ChargesQueryDto } from './charges.dto.js';
import { RuleAdministration, type ToldChange } from './rule-administration.js';
import { feeRuleDraft } from './rule-mapping.js';
import { FeeRuleDto, RuleChangeDto, RulesQueryDto } from './rule.dto.js';

/** A set of fee rules. */
export class FeeRulesDto extends RuleChangeDto {
  @IsArray()
  @ArrayMaxSize(RULES_MAX)
  @ValidateNested({ each: true })
  @Type(() => FeeRuleDto)
  rules: FeeRuleDto[];
}

const SEED_FEE = { kind: 'fee', startAmount: '20', percent: '1', minValue: '1', maxValue: '5' };
const SEED_COMMISSION = { kind: 'commission', startAmount: '10', percent: '2', maxValue: '50', percentBase: '50' };
const EXAMPLES = {
  cashIn: {
    summary: 'the seed tariff, for cash in alone',
    value: {
      rules: [
        { name: 'cashIn fee', transferType: 'cashIn', ...SEED_FEE },
        { name: 'cashIn commission', transferType: 'cashIn', ...SEED_COMMISSION },
      ],
    },
  },
};
const NAME = { name: 'name', example: 'cashIn fee' };

/** What this DFSP charges its customers and gives its agents (contract 5.3). Changes are the administrator's. */
@ApiBasicAuth('basic')
@ApiTags('fee rules')
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(['v1', ''])
export class FeeRulesController {
  private readonly rules: RuleAdministration<any, FeeRuleDto>;

  constructor(
    private readonly fees: FeeRules,
    private readonly settings: DfspApiSettings,
  ) {
    this.rules = new RuleAdministration(fees.history, (rule: FeeRuleDto) => feeRuleDraft(rule, settings.currency));
  }

  /** Rules in force at a moment, in the order in which they decide. */
  @Get('feeRules')
  async inForce(@Query() { at }: RulesQueryDto): Promise<{ rules: Record<string, unknown>[] }> {
    return { rules: await this.rules.inForce(at) };
  }

  /** All versions of a rule, the first one first. */
  @Get('feeRules/:name')
  @ApiParam(NAME)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async versions(@Param('name') name: string): Promise<{ versions: Record<string, unknown>[] }> {
    return { versions: await this.rules.versionsOf(name) };
  }

  /** Makes these the rules; everything else that is in force, or was to come, ends. */
  @Put('feeRules')
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, with every problem' })
  replace(@Body() { rules, validFrom }: FeeRulesDto): Promise<ToldChange> {
    return this.rules.replace(rules, { validFrom });
  }

  /** Adds rules, and new versions of rules that are there. */
  @Post('feeRules')
  @ApiBody({ type: FeeRulesDto, examples: EXAMPLES })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, with every problem' })
  append(@Body() { rules, validFrom }: FeeRulesDto): Promise<ToldChange> {
    return this.rules.append(rules, { validFrom });
  }

  /** Says what would be wrong with these rules in place of all others; changes nothing. */
  @Post('feeRules/check')
  @HttpCode(200)
  @ApiBody({ type: FeeRulesDto, examples: EXAMPLES })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  check(@Body() { rules, validFrom }: FeeRulesDto): Promise<object> {
    return this.rules.check(rules, { validFrom });
  }

  /** Ends a rule. */
  @Delete('feeRules/:name')
  @ApiParam(NAME)
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  withdraw(@Param('name') name: string, @Query() { at }: RulesQueryDto): Promise<ToldChange> {
    return this.rules.withdraw(name, at);
  }

  /** What would be charged, and given, for an amount, and which version of which rule says so. */
  @Get('charges')
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  async charges(@Query() query: ChargesQueryDto): Promise<ChargesDto> {
    const { currency, scale } = this.settings;
    const { transferType, side, payer, payee, at } = query;
    const charges = await this.fees.charges({
      transferType,
      side,
      amount: givenAmount(query.amount, scale),
      currency: query.currency ?? currency,
      ...(payer === undefined ? {} : { payerIdentifier: payer }),
      ...(payee === undefined ? {} : { payeeIdentifier: payee }),
      ...(at === undefined ? {} : { at: new Date(at) }),
    });
    const told = ({ amount, rule }: (typeof charges)[FeeKind]) => ({
      amount: formatShortest(amount, scale),
      ...(rule === null ? {} : { rule }),
    });
    return { fee: told(charges[FeeKind.Fee]), commission: told(charges[FeeKind.Commission]) };
  }
}
