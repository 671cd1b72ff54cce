import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiResponse, ApiTags } from '@nestjs/swagger';
import { assertAdmin, Caller, Ledger, type Principal } from '@level-one/ledger';
import { ErrorDto } from '@level-one/peers';

/** What a scheme's operator, or a clock, asks for. */
@Controller('webhooks')
@ApiTags('webhooks')
@ApiBasicAuth('basic')
@ApiBearerAuth('bearer')
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
export class WebhooksController {
  constructor(private readonly ledger: Ledger) {}

  /** Rejects every transfer whose time is over, and answers their ids. The ledger does so by itself, too. */
  @Post('reject-expired-transfers')
  @HttpCode(200)
  async rejectExpiredTransfers(@Caller() caller: Principal): Promise<string[]> {
    assertAdmin(caller);
    return this.ledger.rejectExpiredTransfers();
  }
}
