import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { assertAdmin, Caller, Ledger, LedgerProfile, type Principal, SettlementWindows } from '@level-one/ledger';
import { ErrorDto } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { settlementToJson } from './settlement-json.js';
import { NewSettlementDto } from './settlement.dto.js';

/** Maximum of transfers in the answer; the window contains all of them. */
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
    private readonly windows: SettlementWindows,
    private readonly profile: LedgerProfile,
  ) {}

  /**
   * Closes the open settlement window, whichever it is, and answers what each account has to pay or to receive. A
   * repeated request closes the next window; `POST /settlements/{id}/close` does not.
   */
  @Post('settle-transfers')
  @HttpCode(200)
  async settleTransfers(@Caller() caller: Principal): Promise<NewSettlementDto> {
    assertAdmin(caller);
    const window = await this.windows.closeWindow();
    const transfers = await this.windows.listTransfers(window.id, '0', TRANSFERS_MAX);
    return Object.assign(settlementToJson(window, this.profile), {
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
