import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { Limits, RULES_MAX } from '@level-one/tariff';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { CustomerLimitsDto } from './customer-limits.dto.js';
import { CustomerLimitsService } from './customer-limits.service.js';
import { limitRuleAdministration } from './rule-administration.js';
import {
  EndQueryDto,
  LimitRulesChangeDto,
  LimitRulesDto,
  LimitRulesInForceDto,
  LimitRuleVersionsDto,
  RuleProblemsDto,
  RulesQueryDto,
} from './rule.dto.js';
import { validatedRules } from '../requests/validated.js';

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

/** Limits of what customers may send and receive (contract 5.3). Only the administrator may change them. */
@ApiTags('Limit rules')
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@CallableBy('admin')
@Controller(['v1', ''])
export class LimitRulesController {
  private readonly rules: ReturnType<typeof limitRuleAdministration>;

  constructor(
    limits: Limits,
    private readonly settings: DfspApiSettings,
    private readonly customers: CustomerLimitsService,
  ) {
    this.rules = limitRuleAdministration(limits, settings.currency);
  }

  /** Limits in force at a moment, by precedence. */
  @Get('limitRules')
  @CallableBy('channel', 'admin')
  async listLimitRules(@Query() query: RulesQueryDto): Promise<LimitRulesInForceDto> {
    return { rules: await this.rules.rulesInForce(query) };
  }

  /** All versions of a limit, oldest first. */
  @Get('limitRules/:name')
  @CallableBy('channel', 'admin')
  @ApiParam(NAME)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async listLimitRuleVersions(@Param('name') name: string): Promise<LimitRuleVersionsDto> {
    return { versions: await this.rules.versionsOf(name) };
  }

  /** Replaces all limits, in force or planned, by these. */
  @Put('limitRules')
  @ApiBody({ type: LimitRulesDto, examples: EXAMPLES })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, with every problem' })
  async replaceLimitRules(@Body() body: unknown): Promise<LimitRulesChangeDto> {
    const { rules, validFrom } = await validatedRules(LimitRulesDto, body, { max: RULES_MAX, unit: this.settings });
    return this.rules.replaceRules(rules, { validFrom });
  }

  /** Adds limits, and new versions of existing limits. */
  @Post('limitRules')
  @ApiBody({ type: LimitRulesDto, examples: EXAMPLES })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, with every problem' })
  async addLimitRules(@Body() body: unknown): Promise<LimitRulesChangeDto> {
    const { rules, validFrom } = await validatedRules(LimitRulesDto, body, { max: RULES_MAX, unit: this.settings });
    return this.rules.appendRules(rules, { validFrom });
  }

  /** Lists the problems these limits would have in place of all others; changes nothing. */
  @Post('limitRules/check')
  @HttpCode(200)
  @ApiBody({ type: LimitRulesDto, examples: EXAMPLES })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  async checkLimitRules(@Body() body: unknown): Promise<RuleProblemsDto> {
    const { rules, validFrom } = await validatedRules(LimitRulesDto, body, { max: RULES_MAX, unit: this.settings });
    return this.rules.checkRules(rules, { validFrom });
  }

  /** Ends a limit. */
  @Delete('limitRules/:name')
  @ApiParam(NAME)
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  endLimitRule(@Param('name') name: string, @Query() { at }: EndQueryDto): Promise<LimitRulesChangeDto> {
    return this.rules.withdrawRule(name, at);
  }

  /** Sums a customer has sent and received this day, week and month, and the limits in force for them. */
  @Get('limits/:identifier')
  @CallableBy('channel', 'admin')
  @ApiParam({ name: 'identifier', example: '78956562' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'ClientNotFound' })
  readUsedLimits(@Param('identifier') identifier: string): Promise<CustomerLimitsDto> {
    return this.customers.limitsOf(identifier);
  }
}
