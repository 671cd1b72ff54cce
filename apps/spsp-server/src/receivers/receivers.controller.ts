import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiExtension, ApiExtraModels, ApiOkResponse, ApiParam, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import {
  ErrorDto,
  FromDfsp,
  Hop,
  InvoiceViewDto,
  notFoundAs,
  ReceiverDto,
  SpspBackendClient,
  OutsideErrorsInterceptor,
} from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { publicInvoice, publicReceiver } from './public-views.js';
import { paymentTargetOf, receiverId } from './receiver-url.js';
import { SpspServerReceiverQueryDto } from './receivers.dto.js';
import { invalidReceiverId, invoiceNotFound } from './spsp-server-errors.js';
import { SpspServerSettings } from '../spsp-server.settings.js';

@ApiExtraModels(ReceiverDto, InvoiceViewDto)
@ApiResponse({ status: 404, type: ErrorDto, description: 'InvalidReceiverIdError' })
@ApiResponse({ status: 422, type: ErrorDto, description: 'NoAccount' })
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@UseInterceptors(new OutsideErrorsInterceptor())
@Controller('v1')
export class SpspServerReceiversController {
  constructor(
    private readonly backend: SpspBackendClient,
    private readonly settings: SpspServerSettings,
  ) {}

  /** Who has this number at this DFSP? */
  @Get('receivers/:identifier')
  @Hop('I.E')
  @ApiParam({ name: 'identifier', description: 'number of the receiver', example: '78956562' })
  async readReceiver(@Param('identifier') identifier: string): Promise<ReceiverDto> {
    const number = receiverId(identifier);
    return publicReceiver(await notFoundAs(invalidReceiverId, () => this.backend.receiver(number)));
  }

  /** The same by number, or by a URL of a receiver or an invoice. */
  @Get('query')
  @Hop('I.E')
  @ApiExtension('x-alias-of', 'GET /v1/receivers/{identifier}')
  @ApiOkResponse({
    schema: { oneOf: [{ $ref: getSchemaPath(ReceiverDto) }, { $ref: getSchemaPath(InvoiceViewDto) }] },
  })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  async queryReceiver(
    @Query() { identifier, receiver }: SpspServerReceiverQueryDto,
    @FromDfsp() from: string | undefined,
  ): Promise<ReceiverDto | InvoiceViewDto> {
    if (identifier !== undefined) return this.readReceiver(identifier);
    if (receiver === undefined) {
      throw commonError(CommonErrorId.InvalidUriParameter, { message: 'identifier or receiver must be given' });
    }
    const target = paymentTargetOf(receiver, this.settings.publicUrl);
    if ('identifier' in target) return this.readReceiver(target.identifier);
    return publicInvoice(await notFoundAs(invoiceNotFound, () => this.backend.invoice(target.invoiceId)), from);
  }
}
