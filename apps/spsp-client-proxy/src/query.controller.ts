import { Controller, Get, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import {
  DestinationAmountDto,
  ErrorDto,
  Hop,
  InvoiceViewDto,
  QuoteDestinationAmountQueryDto,
  QuoteSourceAmountQueryDto,
  ReceiverDto,
  ReceiverUrlQueryDto,
  SourceAmountDto,
  SpspClientClient,
} from '@level-one/peers';

@ApiExtraModels(ReceiverDto, InvoiceViewDto)
@ApiResponse({ status: 404, type: ErrorDto, description: 'InvalidReceiverIdError, InvoiceNotFoundError' })
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@Controller(['spsp/client/v1', 'v1', ''])
export class SpspClientProxyQueryController {
  constructor(private readonly spspClient: SpspClientClient) {}

  /** The receiver or the invoice with this URL. */
  @Get('query')
  @Hop('I.C')
  @ApiOkResponse({
    schema: { oneOf: [{ $ref: getSchemaPath(ReceiverDto) }, { $ref: getSchemaPath(InvoiceViewDto) }] },
  })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'NoAccount' })
  queryReceiver(@Query() { receiver }: ReceiverUrlQueryDto): Promise<ReceiverDto | InvoiceViewDto> {
    return this.spspClient.query(receiver);
  }

  /** Amount that arrives for a source amount. */
  @Get('quoteSourceAmount')
  @Hop('row-25a')
  @ApiResponse({
    status: 400,
    type: ErrorDto,
    description: 'InvalidUriParameterError, NoAmountSpecifiedError, InvalidAmountSpecifiedError',
  })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnacceptableAmountError, AssetsNotTradedError' })
  quoteSourceAmount(@Query() query: QuoteSourceAmountQueryDto): Promise<DestinationAmountDto> {
    return this.spspClient.quoteSourceAmount(query.receiver, query.sourceAmount);
  }

  /** Amount that must be sent for a destination amount. */
  @Get('quoteDestinationAmount')
  @Hop('row-25b')
  @ApiResponse({
    status: 400,
    type: ErrorDto,
    description: 'InvalidUriParameterError, NoAmountSpecifiedError, InvalidAmountSpecifiedError',
  })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnacceptableAmountError, AssetsNotTradedError' })
  quoteDestinationAmount(@Query() query: QuoteDestinationAmountQueryDto): Promise<SourceAmountDto> {
    return this.spspClient.quoteDestinationAmount(query.receiver, query.destinationAmount);
  }
}
