import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, ValidateNested } from 'class-validator';
import { ErrorDto } from '@level-one/peers';
import { Limits, RULES_MAX } from '@level-one/quote';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { CustomerLimitsDto, CustomerLimitsService } from './customer-limits.service.js';
import { RuleAdministration, type ToldChange } from './rule-administration.js';
import { limitRuleDraft } from './rule-mapping.js';
import { LimitRuleDto, RuleChangeDto, RulesQueryDto } from './rule.dto.js';

/** A set of limits. */
export class LimitRulesDto extends RuleChangeDto {
  @IsArray()
  @ArrayMaxSize(RULES_MAX)
  @ValidateNested({ each: true })
  @Type(() => LimitRuleDto)
  rules: LimitRuleDto[];
}

const EXAMPLES = {
  cashIn: {
    summary: 'the seed limits, for cash in alone',
    value: {
      rules: [
        {
          name: 'cashIn limits',
          transferType: 'cashIn',
          minAmount: '10',
          maxAmount: '1000',
          maxAmountDaily: '1000',
          maxAmountWeekly: '4000',
          maxAmountMonthly: '10000',
          maxCountDaily: 10,
          maxCountWeekly: 40,
          maxCountMonthly: 100,
        },
      ],
    },
  },
};
const NAME = { name: 'name', example: 'cashIn limits' };

/** How much customers may send and receive (contract 5.3). Changes are the administrator's. */
@ApiBasicAuth('basic')
@ApiTags('limit rules')
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(['v1', ''])
export class LimitRulesController {
  private readonly rules: RuleAdministration<any, LimitRuleDto>;

  constructor(
    limits: Limits,
    settings: DfspApiSettings,
    private readonly customers: CustomerLimitsService,
  ) {
    this.rules = new RuleAdministration(limits.history, (rule: LimitRuleDto) =>
      limitRuleDraft(rule, settings.currency),
    );
  }

  /** Limits in force at a moment, in the order in which they decide. */
  @Get('limitRules')
  async inForce(@Query() { at }: RulesQueryDto): Promise<{ rules: Record<string, unknown>[] }> {
    return { rules: await this.rules.inForce(at) };
  }

  /** All versions of a rule, the first one first. */
  @Get('limitRules/:name')
  @ApiParam(NAME)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async versions(@Param('name') name: string): Promise<{ versions: Record<string, unknown>[] }> {
    return { versions: await this.rules.versionsOf(name) };
  }

  /** Makes these the limits; everything else that is in force, or was to come, ends. */
  @Put('limitRules')
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, with every problem' })
  replace(@Body() { rules, validFrom }: LimitRulesDto): Promise<ToldChange> {
    return this.rules.replace(rules, { validFrom });
  }

  /** Adds limits, and new versions of limits that are there. */
  @Post('limitRules')
  @ApiBody({ type: LimitRulesDto, examples: EXAMPLES })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, with every problem' })
  append(@Body() { rules, validFrom }: LimitRulesDto): Promise<ToldChange> {
    return this.rules.append(rules, { validFrom });
  }

  /** Says what would be wrong with these limits in place of all others; changes nothing. */
  @Post('limitRules/check')
  @HttpCode(200)
  @ApiBody({ type: LimitRulesDto, examples: EXAMPLES })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  check(@Body() { rules, validFrom }: LimitRulesDto): Promise<object> {
    return this.rules.check(rules, { validFrom });
  }

  /** Ends a limit. */
  @Delete('limitRules/:name')
  @ApiParam(NAME)
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  withdraw(@Param('name') name: string, @Query() { at }: RulesQueryDto): Promise<ToldChange> {
    return this.rules.withdraw(name, at);
  }

  /** What a customer has sent and received in the present day, week and month. */
  @Get('limits/:identifier')
  @ApiParam({ name: 'identifier', example: '78956562' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'ClientNotFound' })
  used(@Param('identifier') identifier: string): Promise<CustomerLimitsDto> {
    return this.customers.of(identifier);
  }
}
