import { Controller, Get, Query } from '@nestjs/common';
import {
  ApiQueryReceiver,
  ApiQuoteDestinationAmount,
  ApiQuoteSourceAmount,
  DestinationAmountDto,
  Hop,
  InvoiceViewDto,
  QuoteDestinationAmountQueryDto,
  QuoteSourceAmountQueryDto,
  ReceiverDto,
  ReceiverUrlQueryDto,
  SourceAmountDto,
  SpspClientClient,
} from '@level-one/peers';

@Controller(['spsp/client/v1', 'v1', ''])
export class SpspClientProxyQueryController {
  constructor(private readonly spspClient: SpspClientClient) {}

  @Get('query')
  @Hop('I.C')
  @ApiQueryReceiver()
  queryReceiver(@Query() { receiver }: ReceiverUrlQueryDto): Promise<ReceiverDto | InvoiceViewDto> {
    return this.spspClient.query(receiver);
  }

  @Get('quoteSourceAmount')
  @Hop('row-25a')
  @ApiQuoteSourceAmount()
  quoteSourceAmount(@Query() query: QuoteSourceAmountQueryDto): Promise<DestinationAmountDto> {
    return this.spspClient.quoteSourceAmount(query.receiver, query.sourceAmount);
  }

  @Get('quoteDestinationAmount')
  @Hop('row-25b')
  @ApiQuoteDestinationAmount()
  quoteDestinationAmount(@Query() query: QuoteDestinationAmountQueryDto): Promise<SourceAmountDto> {
    return this.spspClient.quoteDestinationAmount(query.receiver, query.destinationAmount);
  }
}
