import { Controller, Get, Param } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Caller, hasRight, Ledger, LedgerProfile, mayReadAccount, type Principal } from '@level-one/ledger';
import { ErrorDto } from '@level-one/peers';
import { Right, transferError, TransferErrorCode } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import { accountPositionToJson } from './position-json.js';
import { AccountPositionDto, PositionsDto } from './position.dto.js';

/** Positions of the DFSPs in the open settlement window, and what they owe in all (contract 3.1, central only). */
@CallableBy('account')
@Controller('positions')
@ApiTags('Positions')
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
export class PositionsController {
  constructor(
    private readonly ledger: Ledger,
    private readonly profile: LedgerProfile,
  ) {}

  /** Positions of all accounts, for administrators. */
  @Get()
  async listPositions(@Caller() caller: Principal): Promise<PositionsDto> {
    if (!hasRight(caller, Right.Read)) throw transferError(TransferErrorCode.Forbidden);
    const positions = await this.ledger.reads.listPositions();
    return { positions: positions.map((position) => accountPositionToJson(position, this.profile)) };
  }

  /** Position of one account, for its owner and administrators. */
  @Get(':name')
  @ApiParam({ name: 'name', example: 'dfsp1' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async readPosition(@Param('name') name: string, @Caller() caller: Principal): Promise<AccountPositionDto> {
    if (!mayReadAccount(caller, name)) throw transferError(TransferErrorCode.Forbidden);
    return accountPositionToJson(await this.ledger.reads.readPosition(name), this.profile);
  }
}
