import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Caller, hasRight, LedgerProfile, mayReadAccount, type Principal, SettlementWindows } from '@level-one/ledger';
import { ErrorDto } from '@level-one/peers';
import { parseTransferId, Right, transferError, TransferErrorCode } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import { settlementToJson, summaryToJson } from './settlement-json.js';
import {
  SettledTransfersDto,
  SettledTransfersQueryDto,
  SettlementDto,
  SettlementsQueryDto,
  SettlementSummaryDto,
} from './settlement.dto.js';

/** Path parameter of one window. */
export const WINDOW_ID = { name: 'id', description: 'UUID', example: '0d6f0f0e-8a53-4e6e-9c1f-1d6b1c1f6a2e' };

/** Settlement windows (contract 3.1, central only). */
@CallableBy('account')
@Controller('settlements')
@ApiTags('Settlements')
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
export class SettlementsController {
  constructor(
    private readonly windows: SettlementWindows,
    private readonly profile: LedgerProfile,
  ) {}

  /** Windows, the newest first: the first one is open. */
  @Get()
  async listSettlements(
    @Query() { limit, before }: SettlementsQueryDto,
    @Caller() _caller: Principal,
  ): Promise<SettlementSummaryDto[]> {
    const page = { limit: Number(limit), ...(before !== undefined && { before: Number(before) }) };
    return (await this.windows.listWindows(page)).map(summaryToJson);
  }

  /** One window: all positions for administrators, the caller's own position for others. */
  @Get(':id')
  @ApiParam(WINDOW_ID)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async readSettlement(@Param('id') id: string, @Caller() caller: Principal): Promise<SettlementDto> {
    const window = await this.windows.readWindow(parseTransferId(id));
    const positions = window.positions.filter(({ account }) => mayReadAccount(caller, account));
    return settlementToJson({ ...window, positions }, this.profile);
  }

  /** The transfers of one window, for administrators. */
  @Get(':id/transfers')
  @ApiParam(WINDOW_ID)
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async listSettledTransfers(
    @Param('id') id: string,
    @Query() { limit, after }: SettledTransfersQueryDto,
    @Caller() caller: Principal,
  ): Promise<SettledTransfersDto> {
    if (!hasRight(caller, Right.Read)) throw transferError(TransferErrorCode.Forbidden);
    const window = await this.windows.readWindow(parseTransferId(id));
    const page = await this.windows.listTransfers(window.id, after, Number(limit));
    const { uris } = this.profile;
    const nextUrl = `${uris.base}/settlements/${window.id}/transfers?limit=${limit}&after=${page.at(-1)?.cursor}`;
    return {
      transfers: page.map((transfer) => uris.transfer(transfer.id)),
      next: page.length < Number(limit) ? null : nextUrl,
    };
  }
}
