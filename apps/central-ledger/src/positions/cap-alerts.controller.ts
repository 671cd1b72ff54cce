import { Controller, Get } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Caller, hasRight, LedgerProfile, type Principal } from '@level-one/ledger';
import { ErrorDto } from '@level-one/peers';
import { Right, transferError, TransferErrorCode } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import { CentralLedgerSettings } from '../central-ledger.settings.js';
import { CapAlerts } from './cap-alerts.js';
import { exposureToJson } from './position-json.js';
import { CapAlertsDto } from './position.dto.js';

/** Accounts that use much of their net debit caps. */
@CallableBy('account')
@Controller('cap-alerts')
@ApiTags('Positions')
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
export class CapAlertsController {
  constructor(
    private readonly alerts: CapAlerts,
    private readonly settings: CentralLedgerSettings,
    private readonly profile: LedgerProfile,
  ) {}

  /** The accounts that use more of their net debit caps than `CAP_ALERT_PERCENT`, for administrators. */
  @Get()
  async listCapAlerts(@Caller() caller: Principal): Promise<CapAlertsDto> {
    if (!hasRight(caller, Right.Read)) throw transferError(TransferErrorCode.Forbidden);
    const { uris } = this.profile;
    return {
      alert_percent: this.settings.capAlertPercent,
      alerts: (await this.alerts.listAlerts()).map((alert) =>
        Object.assign({ account: uris.account(alert.account) }, exposureToJson(alert, this.profile)),
      ),
    };
  }
}
