import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  assertAdmin,
  BankAccounts,
  Caller,
  LedgerProfile,
  type Principal,
  SETTLEMENT_ACCOUNT,
  SettlementWindows,
} from '@level-one/ledger';
import { ErrorDto } from '@level-one/peers';
import { parseTransferId } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import { WINDOW_ID } from '../settlements.controller.js';
import { pain001Of } from './pain-001.js';
import { paymentsCsvOf } from './payments-csv.js';
import { type PaymentFile, paymentFileOf } from './settlement-payments.js';

/** Files with the payments that settle a window, for administrators. */
@CallableBy('admin')
@Controller('settlements/:id')
@ApiTags('Settlements')
@ApiParam(WINDOW_ID)
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
@ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
@ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
export class PaymentFilesController {
  constructor(
    private readonly windows: SettlementWindows,
    private readonly bankAccounts: BankAccounts,
    private readonly profile: LedgerProfile,
  ) {}

  /** The payments of a closed window as CSV. */
  @Get('payments.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="payments.csv"')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async downloadPaymentsCsv(@Param('id') id: string, @Caller() caller: Principal): Promise<string> {
    return paymentsCsvOf(await this.fileOf(id, caller));
  }

  /** The payments of a closed window as ISO 20022 `pain.001.001.09`. */
  @Get('pain.001.xml')
  @Header('content-type', 'application/xml; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="pain.001.xml"')
  @ApiProduces('application/xml')
  @ApiOkResponse({ schema: { type: 'string' } })
  async downloadPain001(@Param('id') id: string, @Caller() caller: Principal): Promise<string> {
    return pain001Of(await this.fileOf(id, caller));
  }

  private async fileOf(id: string, caller: Principal): Promise<PaymentFile> {
    assertAdmin(caller);
    const window = await this.windows.readWindow(parseTransferId(id));
    const names = window.positions.map(({ account }) => account);
    const known = await this.bankAccounts.findBankAccounts([...names, SETTLEMENT_ACCOUNT]);
    return paymentFileOf(window, known, this.profile);
  }
}
