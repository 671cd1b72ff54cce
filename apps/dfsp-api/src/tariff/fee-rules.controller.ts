import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto } from '@level-one/peers';
import { TransferType } from '@level-one/quote';
import { FeeKind, FeeRules, RULES_MAX } from '@level-one/tariff';
import { formatShortest } from '@level-one/money';
import { CallableBy, givenAmount } from '@level-one/platform';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { ChargesDto, ChargesQueryDto } from './charges.dto.js';
import { feeRuleAdministration } from './rule-administration.js';
import {
  EndQueryDto,
  FeeRulesChangeDto,
  FeeRulesDto,
  FeeRulesInForceDto,
  FeeRuleVersionsDto,
  RuleProblemsDto,
  RulesQueryDto,
} from './rule.dto.js';
import { validatedRules } from '../requests/validated.js';

const CASH_IN = {
  name: 'fee cashIn USD from 20',
  kind: 'fee',
  transferType: 'cashIn',
  startAmount: '20',
  percent: '1',
  minValue: '1',
  maxValue: '6',
};
const APPENDED = {
  cashIn: { summary: 'a new version of one tier of the seed tariff', value: { rules: [CASH_IN] } },
};
const SEED_TIERS = [
  { kind: FeeKind.Fee, startAmount: '20', percent: '1', minValue: '1', maxValue: '5' },
  { kind: FeeKind.Commission, startAmount: '10', percent: '2', percentBase: '50', minValue: '0', maxValue: '50' },
];
/** In force from 2100, so that the example does not change the running network. */
const REPLACED = {
  seed: {
    summary: 'the seed tariff in USD in place of all other rules, from 2100 on',
    value: {
      rules: Object.values(TransferType).flatMap((transferType) =>
        SEED_TIERS.map((tier) => ({
          name: `${tier.kind} ${transferType} USD from ${tier.startAmount}`,
          transferType,
          currency: 'USD',
          ...tier,
        })),
      ),
      validFrom: '2100-01-01T00:00:00Z',
    },
  },
};
const NAME = { name: 'name', example: 'fee cashIn USD from 20' };

/**
 * Fees of this DFSP's customers and commissions of its agents (contract 5.3). Only the administrator may change them.
 */
@ApiTags('Fee rules')
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@CallableBy('admin')
@Controller(['v1', ''])
export class FeeRulesController {
  private readonly rules: ReturnType<typeof feeRuleAdministration>;

  constructor(
    private readonly fees: FeeRules,
    private readonly settings: DfspApiSettings,
  ) {
    this.rules = feeRuleAdministration(fees, settings.currency);
  }

  /** Rules in force at a moment, by precedence. */
  @Get('feeRules')
  @CallableBy('channel', 'admin')
  async listFeeRules(@Query() query: RulesQueryDto): Promise<FeeRulesInForceDto> {
    return { rules: await this.rules.rulesInForce(query) };
  }

  /** All versions of a rule, oldest first. */
  @Get('feeRules/:name')
  @CallableBy('channel', 'admin')
  @ApiParam(NAME)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async listFeeRuleVersions(@Param('name') name: string): Promise<FeeRuleVersionsDto> {
    return { versions: await this.rules.versionsOf(name) };
  }

  /** Replaces all rules, in force or planned, by these. */
  @Put('feeRules')
  @ApiBody({ type: FeeRulesDto, examples: REPLACED })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, with every problem' })
  async replaceFeeRules(@Body() body: unknown): Promise<FeeRulesChangeDto> {
    const { rules, validFrom } = await validatedRules(FeeRulesDto, body, { max: RULES_MAX, unit: this.settings });
    return this.rules.replaceRules(rules, { validFrom });
  }

  /** Adds rules, and new versions of existing rules. */
  @Post('feeRules')
  @ApiBody({ type: FeeRulesDto, examples: APPENDED })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, with every problem' })
  async addFeeRules(@Body() body: unknown): Promise<FeeRulesChangeDto> {
    const { rules, validFrom } = await validatedRules(FeeRulesDto, body, { max: RULES_MAX, unit: this.settings });
    return this.rules.appendRules(rules, { validFrom });
  }

  /** Lists the problems these rules would have in place of all others; changes nothing. */
  @Post('feeRules/check')
  @HttpCode(200)
  @ApiBody({ type: FeeRulesDto, examples: REPLACED })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  async checkFeeRules(@Body() body: unknown): Promise<RuleProblemsDto> {
    const { rules, validFrom } = await validatedRules(FeeRulesDto, body, { max: RULES_MAX, unit: this.settings });
    return this.rules.checkRules(rules, { validFrom });
  }

  /** Ends a rule. */
  @Delete('feeRules/:name')
  @ApiParam(NAME)
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  endFeeRule(@Param('name') name: string, @Query() { at }: EndQueryDto): Promise<FeeRulesChangeDto> {
    return this.rules.withdrawRule(name, at);
  }

  /** Fee and commission for an amount, with the versions of the rules they come from. */
  @Get('charges')
  @CallableBy('channel', 'admin')
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  async quoteCharges(@Query() query: ChargesQueryDto): Promise<ChargesDto> {
    const { currency, scale } = this.settings;
    const { transferType, side, payerIdentifier, payeeIdentifier, at } = query;
    const charges = await this.fees.chargesFor({
      transferType,
      side,
      amount: givenAmount(query.amount, this.settings),
      currency: query.currency ?? currency,
      ...(payerIdentifier === undefined ? {} : { payerIdentifier }),
      ...(payeeIdentifier === undefined ? {} : { payeeIdentifier }),
      ...(at === undefined ? {} : { at: new Date(at) }),
    });
    const told = ({ amount, rule }: (typeof charges)[FeeKind]) => ({
      amount: formatShortest(amount, scale),
      ...(rule === null ? {} : { rule }),
    });
    return { fee: told(charges[FeeKind.Fee]), commission: told(charges[FeeKind.Commission]) };
  }
}
