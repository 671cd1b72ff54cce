import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiExtension, ApiParam, ApiResponse } from '@nestjs/swagger';
import { ErrorDto, Hop, ReceiverDto } from '@level-one/peers';
import { PayeeQueryDto } from './receivers.dto.js';
import { PayeeReceiversService } from './receivers.service.js';

/** Customers of this DFSP in the form for other DFSPs, asked for by the SPSP backend. */
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(['v1', ''])
export class PayeeReceiversController {
  constructor(private readonly receivers: PayeeReceiversService) {}

  /** The receiver of payments to this number. */
  @Get('receivers/:identifier')
  @Hop('I.G')
  @ApiParam({ name: 'identifier', example: '78956562' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'UserNotFound' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'NoAccount' })
  readReceiver(@Param('identifier') identifier: string): Promise<ReceiverDto> {
    return this.receivers.getReceiver(identifier);
  }

  /** Alias of `GET /v1/receivers/{identifier}`. */
  @Get('query')
  @Hop('I.G')
  @ApiExtension('x-alias-of', 'GET /v1/receivers/{identifier}')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'UserNotFound' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'NoAccount' })
  queryReceiver(@Query() { identifier }: PayeeQueryDto): Promise<ReceiverDto> {
    return this.receivers.getReceiver(identifier);
  }
}
