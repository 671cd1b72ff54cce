import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  AccountAdministration,
  assertAdmin,
  Caller,
  Ledger,
  LedgerProfile,
  type Principal,
  SETTLEMENT_ACCOUNT,
  SettlementConfirmations,
  SettlementWindows,
} from '@level-one/ledger';
import { PRECISION_MAX, readAmount } from '@level-one/money';
import { invalidBody } from '@level-one/errors';
import { ErrorDto } from '@level-one/peers';
import { AccountType, parseTransferId, transferError, TransferErrorCode } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import { settlementToJson } from './settlement-json.js';
import { ConfirmationsRequestDto, SettlementDto } from './settlement.dto.js';
import { WINDOW_ID } from './settlements.controller.js';

/** Closes windows and settles them, for administrators. */
@CallableBy('admin')
@Controller('settlements/:id')
@ApiTags('Settlements')
@ApiParam(WINDOW_ID)
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
@ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
export class SettlementAdministrationController {
  constructor(
    private readonly ledger: Ledger,
    private readonly administration: AccountAdministration,
    private readonly windows: SettlementWindows,
    private readonly confirmations: SettlementConfirmations,
    private readonly profile: LedgerProfile,
  ) {}

  /**
   * Closes the open window, and opens the next one at the same moment. A window that is closed already is answered as
   * it is, so that the request can be repeated.
   */
  @Post('close')
  @HttpCode(200)
  async closeSettlement(@Param('id') id: string, @Caller() caller: Principal): Promise<SettlementDto> {
    assertAdmin(caller);
    return settlementToJson(await this.windows.closeWindow(parseTransferId(id)), this.profile);
  }

  /**
   * Books what a bank moved, all or nothing, and moves the positions by it. Some accounts, or a part of an amount, may
   * be confirmed first and the rest later. A movement that is known already changes nothing; its reference with another
   * amount is refused.
   */
  @Post('confirmations')
  @HttpCode(200)
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidModificationError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, InsufficientFundsError' })
  async confirmSettlement(
    @Param('id') id: string,
    @Body() { confirmations }: ConfirmationsRequestDto,
    @Caller() caller: Principal,
  ): Promise<SettlementDto> {
    assertAdmin(caller);
    const movements = confirmations.map(({ account, amount, reference }, index) => ({
      account: this.profile.uris.accountName(account) ?? account,
      amount: this.amountOf(amount, `confirmations.${index}.amount`),
      reference,
    }));
    const windowId = parseTransferId(id);
    await this.openSettlementAccount();
    return settlementToJson(await this.confirmations.confirmMovements(windowId, movements), this.profile);
  }

  private amountOf(given: unknown, field: string): bigint {
    const { scale } = this.profile;
    return readAmount(given, { scale, precision: PRECISION_MAX }, ({ reason, message }) =>
      reason === 'form'
        ? invalidBody('Confirmations', field, 'must be a decimal number')
        : transferError(TransferErrorCode.UnprocessableEntity, { message: `${field}: ${message}` }),
    );
  }

  private async openSettlementAccount(): Promise<void> {
    if (await this.ledger.reads.findAccount(SETTLEMENT_ACCOUNT)) return;
    const request = { accountType: AccountType.Settlement, minimum_allowed_balance: '-infinity' } as const;
    await this.administration.putAccount(SETTLEMENT_ACCOUNT, request);
  }
}
