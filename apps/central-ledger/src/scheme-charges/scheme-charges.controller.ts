import { Body, Controller, Get, HttpCode, Param, Post, Put, Req } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  AccountAdministration,
  assertAdmin,
  Caller,
  ChargeParty,
  Ledger,
  LedgerProfile,
  type Principal,
  SCHEME_FEES_ACCOUNT,
  schemeChargeFor,
  SchemeTariff,
} from '@level-one/ledger';
import { currencySymbol, formatAmount } from '@level-one/money';
import { ErrorDto } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { AccountType, transferError, TransferErrorCode } from '@level-one/transfer';
import {
  changeOf,
  CHARGE_TYPE,
  parseAmountFor,
  schemeChargeOf,
  schemeChargeToJson,
  takenAway,
} from './scheme-charge-json.js';
import {
  ChargeQuoteDto,
  ChargeQuoteRequestDto,
  SchemeChargeChangeDto,
  SchemeChargeDto,
  SchemeChargeRequestDto,
} from './scheme-charge.dto.js';

/** Charges of the scheme on transfers between DFSPs (contract 3.1, central only). */
@CallableBy('admin')
@Controller('charges')
@ApiTags('Charges')
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
export class SchemeChargesController {
  constructor(
    private readonly tariff: SchemeTariff,
    private readonly ledger: Ledger,
    private readonly administration: AccountAdministration,
    private readonly profile: LedgerProfile,
  ) {}

  /** The charges that the sender of a transfer of this amount would pay now; an empty list if it is free. */
  @Post('quote')
  @CallableBy('account')
  @HttpCode(200)
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  async quoteSchemeCharges(
    @Body() body: ChargeQuoteRequestDto,
    @Caller() _caller: Principal,
  ): Promise<ChargeQuoteDto[]> {
    const { scale, currency } = this.profile;
    const amount = parseAmountFor('amount', body.amount, this.profile);
    return (await this.tariff.listCharges())
      .filter(({ payer }) => payer === ChargeParty.Sender)
      .map((charge) => ({ charge, amount: schemeChargeFor(amount, charge) }))
      .filter((quoted) => quoted.amount > 0n)
      .map((quoted) => ({
        name: quoted.charge.name,
        charge_type: CHARGE_TYPE,
        code: quoted.charge.code,
        amount: formatAmount(quoted.amount, scale),
        currency_code: currency,
        currency_symbol: currencySymbol(currency),
      }));
  }

  /** Every charge, for administrators. */
  @Get()
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  async listSchemeCharges(@Caller() caller: Principal): Promise<SchemeChargeDto[]> {
    assertAdmin(caller);
    return (await this.tariff.listCharges()).map((charge) => schemeChargeToJson(charge, this.profile));
  }

  /** Adds a charge, for administrators. It applies to every transfer that is prepared from then on. */
  @Post()
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, RecordExistsError' })
  async createSchemeCharge(
    @Body() body: SchemeChargeRequestDto,
    @Caller() caller: Principal,
  ): Promise<SchemeChargeDto> {
    assertAdmin(caller);
    const charge = schemeChargeOf(body, this.profile);
    if ([charge.payer, charge.payee].includes(ChargeParty.Ledger)) await this.openFeesAccount();
    return schemeChargeToJson(await this.tariff.createCharge(charge), this.profile);
  }

  /** Changes bounds or code of a charge, or switches it off and on, for administrators. */
  @Put(':name')
  @ApiParam({ name: 'name', example: 'interchange' })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  async changeSchemeCharge(
    @Param('name') name: string,
    @Body() body: SchemeChargeChangeDto,
    @Req() { body: given }: FastifyRequest,
    @Caller() caller: Principal,
  ): Promise<SchemeChargeDto> {
    assertAdmin(caller);
    const change = { ...changeOf(body, this.profile), ...takenAway(name, given as Record<string, unknown>) };
    return schemeChargeToJson(await this.tariff.changeCharge(name, change), this.profile);
  }

  private async openFeesAccount(): Promise<void> {
    const account = await this.ledger.reads.findAccount(SCHEME_FEES_ACCOUNT);
    if (!account) await this.administration.putAccount(SCHEME_FEES_ACCOUNT, { accountType: AccountType.Fee });
    else if (account.accountType !== AccountType.Fee) {
      throw transferError(TransferErrorCode.UnprocessableEntity, {
        message: `Account \`${SCHEME_FEES_ACCOUNT}\` is not of kind ${AccountType.Fee}`,
      });
    }
  }
}
