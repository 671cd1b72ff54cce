import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiExtension, ApiParam, ApiResponse } from '@nestjs/swagger';
import { DfspApiClient, ErrorDto, Hop, ReceiverDto } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { SpspBackendReceiverQueryDto } from './receiver-query.dto.js';
import { SpspBackendSettings } from './spsp-backend.settings.js';

/** Last segment of a receiver URL, or the identifier itself. */
function identifierOf({ identifier, receiver }: SpspBackendReceiverQueryDto): string {
  const given = identifier ?? receiver?.split('/').at(-1);
  if (given) return given;
  throw commonError(CommonErrorId.InvalidUriParameter, { message: 'identifier or receiver must be given' });
}

@ApiResponse({ status: 404, type: ErrorDto, description: 'UserNotFound' })
@ApiResponse({ status: 422, type: ErrorDto, description: 'NoAccount' })
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@Controller(['spsp/backend/v1', 'v1'])
export class SpspBackendReceiversController {
  constructor(
    private readonly dfspApi: DfspApiClient,
    private readonly settings: SpspBackendSettings,
  ) {}

  /** The receiver with this number, from the DFSP API, and the URL for news of payments to it. */
  @Get('receivers/:identifier')
  @Hop('I.F')
  @ApiParam({ name: 'identifier', description: 'number of the receiver', example: '78956562' })
  readReceiver(@Param('identifier') identifier: string): Promise<ReceiverDto> {
    return this.withPaymentsUrl(identifier);
  }

  /** The same by query. */
  @Get('query')
  @Hop('I.F')
  @ApiExtension('x-alias-of', 'GET /spsp/backend/v1/receivers/{identifier}')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  queryReceiver(@Query() query: SpspBackendReceiverQueryDto): Promise<ReceiverDto> {
    return this.withPaymentsUrl(identifierOf(query));
  }

  private async withPaymentsUrl(identifier: string): Promise<ReceiverDto> {
    const receiver = await this.dfspApi.receiver(identifier);
    const base = `${this.settings.publicUrl}/spsp/backend/v1`;
    const paymentsUrl = `${base}/receivers/${encodeURIComponent(identifier)}/payments`;
    return Object.assign(receiver, { paymentsUrl });
  }
}
