import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { assertAdmin, Caller, Ledger, LedgerProfile, type Principal, Settlements } from '@level-one/ledger';
import { ErrorDto } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { settlementToJson } from './settlement-json.js';
import { NewSettlementDto } from './settlement.dto.js';

/** Maximum of transfers in the answer; the settlement contains all of them. */
const TRANSFERS_MAX = 1_000;

/** Routes for the operator of the scheme, or for a scheduled job. */
@CallableBy('admin')
@Controller('webhooks')
@ApiTags('Webhooks')
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
export class WebhooksController {
  constructor(
    private readonly ledger: Ledger,
    private readonly settlements: Settlements,
    private readonly profile: LedgerProfile,
  ) {}

  /**
   * Settles all transfers that were executed since the last settlement, once: answers what each account has to pay or to
   * receive, and stores it. Every position then starts from zero.
   */
  @Post('settle-transfers')
  @HttpCode(200)
  async settleTransfers(@Caller() caller: Principal): Promise<NewSettlementDto> {
    assertAdmin(caller);
    const settlement = await this.settlements.settle();
    const transfers = await this.settlements.listTransfers(settlement.id, '0', TRANSFERS_MAX);
    return Object.assign(settlementToJson(settlement, this.profile), {
      transfers: transfers.map(({ id }) => this.profile.uris.transfer(id)),
    });
  }

  /** Rejects every expired transfer, and answers their ids. The ledger also does so by itself. */
  @Post('reject-expired-transfers')
  @HttpCode(200)
  async rejectExpiredTransfers(@Caller() caller: Principal): Promise<string[]> {
    assertAdmin(caller);
    return this.ledger.rejectExpiredTransfers();
  }
}
