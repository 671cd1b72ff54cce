import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Caller, hasRight, LedgerProfile, mayReadAccount, type Principal, Settlements } from '@level-one/ledger';
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

const ID = { name: 'id', description: 'UUID', example: '0d6f0f0e-8a53-4e6e-9c1f-1d6b1c1f6a2e' };

/** Settlements (contract 3.1, central only); `POST /webhooks/settle-transfers` makes one. */
@CallableBy('account')
@Controller('settlements')
@ApiTags('Settlements')
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
export class SettlementsController {
  constructor(
    private readonly settlements: Settlements,
    private readonly profile: LedgerProfile,
  ) {}

  /** Settlements, the newest first. */
  @Get()
  async listSettlements(
    @Query() { limit }: SettlementsQueryDto,
    @Caller() _caller: Principal,
  ): Promise<SettlementSummaryDto[]> {
    return (await this.settlements.listSettlements(Number(limit))).map(summaryToJson);
  }

  /** One settlement: all positions for administrators, the caller's own position for others. */
  @Get(':id')
  @ApiParam(ID)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async readSettlement(@Param('id') id: string, @Caller() caller: Principal): Promise<SettlementDto> {
    const settlement = await this.settlements.readSettlement(parseTransferId(id));
    const positions = settlement.positions.filter(({ account }) => mayReadAccount(caller, account));
    return settlementToJson({ ...settlement, positions }, this.profile);
  }

  /** The transfers of one settlement, for administrators. */
  @Get(':id/transfers')
  @ApiParam(ID)
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async listSettledTransfers(
    @Param('id') id: string,
    @Query() { limit, after }: SettledTransfersQueryDto,
    @Caller() caller: Principal,
  ): Promise<SettledTransfersDto> {
    if (!hasRight(caller, Right.Read)) throw transferError(TransferErrorCode.Forbidden);
    const settlement = await this.settlements.readSettlement(parseTransferId(id));
    const page = await this.settlements.listTransfers(settlement.id, after, Number(limit));
    const { uris } = this.profile;
    const nextUrl = `${uris.base}/settlements/${settlement.id}/transfers?limit=${limit}&after=${page.at(-1)?.cursor}`;
    return {
      transfers: page.map((transfer) => uris.transfer(transfer.id)),
      next: page.length < Number(limit) ? null : nextUrl,
    };
  }
}
