import { Body, Controller, Post } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ErrorDto, Hop, SetupRequestDto, SetupResponseDto } from '@level-one/peers';
import { SpspClientSetupService } from './setup.service.js';

@Controller(['v1', ''])
export class SpspClientSetupController {
  constructor(private readonly setup: SpspClientSetupService) {}

  /** Sets a payment up: what will it cost, and where does it go? The same request again gets the same answer. */
  @Post('setup')
  @Hop('S.B')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvalidReceiverIdError, InvoiceNotFoundError' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description: 'InvoiceNotPendingError, InvoicePayerMissmatchError, UnprocessableEntityError, AlreadyExistsError',
  })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  setUpPayment(@Body() request: SetupRequestDto): Promise<SetupResponseDto> {
    return this.setup.setUp(request);
  }
}
