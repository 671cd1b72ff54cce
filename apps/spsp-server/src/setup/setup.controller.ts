import { Body, Controller, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiExtension, ApiParam, ApiResponse } from '@nestjs/swagger';
import {
  ErrorDto,
  FromDfsp,
  Hop,
  IprReplyDto,
  type PaymentTarget,
  ReceiverSetupRequestDto,
  OutsideErrorsInterceptor,
} from '@level-one/peers';
import { Admits, currentTrace, withTrace } from '@level-one/platform';
import { invoiceIdOf, paymentTargetOf, receiverId } from '../receivers/receiver-url.js';
import { PathSetupRequestDto } from './setup.dto.js';
import { SpspServerSetupService } from './setup.service.js';
import { SpspServerSettings } from '../spsp-server.settings.js';

@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
@ApiResponse({ status: 404, type: ErrorDto, description: 'InvalidReceiverIdError, InvoiceNotFoundError' })
@ApiResponse({
  status: 422,
  type: ErrorDto,
  description: 'InvoiceNotPendingError, InvoicePayerMissmatchError, LimitExceededError, AlreadyExistsError',
})
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@UseInterceptors(new OutsideErrorsInterceptor())
@Controller('v1')
export class SpspServerSetupController {
  constructor(
    private readonly setup: SpspServerSetupService,
    private readonly settings: SpspServerSettings,
  ) {}

  /**
   * Sets a payment to a receiver or of an invoice up: answers the ILP packet and its condition. The same request again
   * gets the same bytes.
   */
  @Post('setup')
  @Hop('S.C')
  @Admits('dfsp')
  setUpPayment(@Body() request: ReceiverSetupRequestDto, @FromDfsp() from: string | undefined): Promise<IprReplyDto> {
    return this.answer(request, paymentTargetOf(request.receiver, this.settings.publicUrl), from);
  }

  /** The same at the receiver's own URL. */
  @Post('receivers/:identifier')
  @Hop('S.C')
  @Admits('dfsp')
  @ApiExtension('x-alias-of', 'POST /v1/setup')
  @ApiParam({ name: 'identifier', description: 'number of the receiver', example: '26547070' })
  setUpReceiver(
    @Param('identifier') identifier: string,
    @Body() request: PathSetupRequestDto,
    @FromDfsp() from: string | undefined,
  ): Promise<IprReplyDto> {
    const number = receiverId(identifier);
    return this.answer(
      Object.assign(request, { receiver: this.urlOf(`receivers/${number}`) }),
      { identifier: number },
      from,
    );
  }

  /** The same at the invoice's own URL. */
  @Post('invoices/:invoiceId')
  @Hop('S.C')
  @Admits('dfsp')
  @ApiExtension('x-alias-of', 'POST /v1/setup')
  @ApiParam({ name: 'invoiceId', example: '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10' })
  setUpInvoice(
    @Param('invoiceId') id: string,
    @Body() request: PathSetupRequestDto,
    @FromDfsp() from: string | undefined,
  ): Promise<IprReplyDto> {
    const invoiceId = invoiceIdOf(id);
    return this.answer(Object.assign(request, { receiver: this.urlOf(`invoices/${invoiceId}`) }), { invoiceId }, from);
  }

  private urlOf(path: string): string {
    return `${this.settings.publicUrl}/v1/${path}`;
  }

  /** Whatever belongs to a payment is traced under its id (contract 0.3). */
  private answer(
    request: ReceiverSetupRequestDto,
    target: PaymentTarget,
    from: string | undefined,
  ): Promise<IprReplyDto> {
    const trace = { ...currentTrace(), traceId: request.paymentId.toLowerCase() };
    return withTrace(trace, () => this.setup.setUp(request, target, from));
  }
}
