import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { CreateIprDto, ErrorDto, Hop, IprDto } from '@level-one/peers';
import { IprService } from './ipr.service.js';

const EXAMPLE = {
  paymentId: '3c7b4a9e-52d1-4f0b-8a36-e1d9c0f7b264',
  destinationAccount: 'http://127.0.0.1:3206/ilp/ledger/v1/accounts/frank',
  destinationAmount: '10',
  expiresAt: '2030-01-01T00:10:00.000Z',
};

/** ILP functions of the payee's side (contract 3.8). */
@Controller('v1')
export class SpspServerIprController {
  constructor(private readonly requests: IprService) {}

  /** Makes the payment request of a quote. Its payment is only taken while the DFSP has reserved the quote. */
  @Post('createIPR')
  @Hop('row-45')
  @HttpCode(200)
  @ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
  @ApiBody({ type: CreateIprDto, examples: { quote: { value: EXAMPLE } } })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, AlreadyExistsError' })
  createIpr(@Body() body: CreateIprDto): Promise<IprDto> {
    return this.requests.create(body as unknown as Record<string, unknown>);
  }
}
