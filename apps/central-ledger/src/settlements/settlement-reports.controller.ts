import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  Caller,
  Ledger,
  LedgerProfile,
  mayReadAccount,
  type Principal,
  SettlementConfirmations,
  SettlementWindows,
  type WindowPosition,
} from '@level-one/ledger';
import { ErrorDto } from '@level-one/peers';
import { parseTransferId, transferError, TransferErrorCode } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import {
  confirmationToJson,
  counterpartyToJson,
  summaryToJson,
  windowEntryToJson,
  windowPositionToJson,
} from './settlement-json.js';
import { SettledTransfersQueryDto, SettlementReportDto, WindowEntriesDto } from './settlement.dto.js';
import { WINDOW_ID } from './settlements.controller.js';

/** What an account settles in one window, for its owner, administrators and holders of the right `read`. */
@CallableBy('account')
@Controller('settlements/:id/reports/:name')
@ApiTags('Settlements')
@ApiParam(WINDOW_ID)
@ApiParam({ name: 'name', example: 'dfsp1' })
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
@ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
export class SettlementReportsController {
  constructor(
    private readonly ledger: Ledger,
    private readonly windows: SettlementWindows,
    private readonly confirmations: SettlementConfirmations,
    private readonly profile: LedgerProfile,
  ) {}

  /** The account's position, with whom it traded, and what was confirmed. */
  @Get()
  async readSettlementReport(
    @Param('id') id: string,
    @Param('name') name: string,
    @Caller() caller: Principal,
  ): Promise<SettlementReportDto> {
    await this.assertMayRead(name, caller);
    const { positions, ...window } = await this.windows.readWindow(parseTransferId(id));
    const position = positions.find(({ account }) => account === name) ?? nothingOf(name);
    const counterparties = await this.windows.listCounterparties(window.id, name);
    const confirmations = await this.confirmations.listConfirmations(window.id, name);
    return {
      window: summaryToJson(window),
      position: windowPositionToJson(position, this.profile),
      counterparties: counterparties.map((sums) => counterpartyToJson(sums, this.profile)),
      confirmations: confirmations.map((confirmation) => confirmationToJson(confirmation, this.profile)),
    };
  }

  /** The bookings that make the position, in their order. */
  @Get('entries')
  async listSettlementEntries(
    @Param('id') id: string,
    @Param('name') name: string,
    @Query() { limit, after }: SettledTransfersQueryDto,
    @Caller() caller: Principal,
  ): Promise<WindowEntriesDto> {
    await this.assertMayRead(name, caller);
    const window = await this.windows.readWindow(parseTransferId(id));
    const page = await this.windows.listEntries(window.id, name, { after, limit: Number(limit) });
    const path = `settlements/${window.id}/reports/${encodeURIComponent(name)}/entries`;
    const nextUrl = `${this.profile.uris.base}/${path}?limit=${limit}&after=${page.at(-1)?.id}`;
    return {
      entries: page.map((entry) => windowEntryToJson(entry, this.profile)),
      next: page.length < Number(limit) ? null : nextUrl,
    };
  }

  private async assertMayRead(name: string, caller: Principal): Promise<void> {
    if (!mayReadAccount(caller, name)) throw transferError(TransferErrorCode.Forbidden);
    await this.ledger.reads.readAccount(name);
  }
}

function nothingOf(account: string): WindowPosition {
  return { account, payments: 0n, receipts: 0n, feePayments: 0n, feeReceipts: 0n, confirmed: 0n };
}
