import { Body, Controller, Post } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import {
  APPROVAL_EXAMPLES,
  ApprovalRequestDto,
  DfspApiClient,
  ErrorDto,
  FromDfsp,
  Hop,
  SetupApprovalDto,
} from '@level-one/peers';

@Controller(['spsp/backend/v1', 'v1'])
export class SpspBackendSetupController {
  constructor(private readonly dfspApi: DfspApiClient) {}

  /** Asks the payee's DFSP to approve a payment. A repeated request gets the same answer (S.F). */
  @Post('setup')
  @Hop('S.D')
  @ApiBody({ type: ApprovalRequestDto, examples: APPROVAL_EXAMPLES })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError, UserNotFound' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description: 'InvoiceNotPendingError, InvoicePayerMissmatchError, NoAccount, AlreadyExistsError',
  })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  approveSetup(@Body() request: ApprovalRequestDto, @FromDfsp() from: string | undefined): Promise<SetupApprovalDto> {
    return this.dfspApi.setup(request, from);
  }
}
