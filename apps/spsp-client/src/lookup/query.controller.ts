import { Controller, Get, Query } from '@nestjs/common';
import {
  ApiError,
  ApiQueryReceiver,
  ApiQuoteDestinationAmount,
  ApiQuoteSourceAmount,
  ConnectorQuoteDto,
  type ConnectorQuoteQuery,
  ConnectorQuoteQueryDto,
  DestinationAmountDto,
  Hop,
  IlpConnectorClient,
  InvoiceViewDto,
  QuoteDestinationAmountQueryDto,
  ReceiverDto,
  ReceiverUrlQueryDto,
  SourceAmountDto,
  textParameter,
} from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { atScale, IprQuotesService, type SentAmountQuote } from '../ipr/ipr-quotes.service.js';
import { OutsideWorld } from '../outside/outside-world.js';
import { SentAmountQueryDto } from './query.dto.js';
import { SpspClientQuotesService } from '../quotes/quotes.service.js';

@Controller(['v1', ''])
export class SpspClientQueryController {
  constructor(
    private readonly outside: OutsideWorld,
    private readonly quotes: SpspClientQuotesService,
    private readonly connector: IlpConnectorClient,
    private readonly iprQuotes: IprQuotesService,
  ) {}

  @Get('query')
  @Hop('I.D')
  @ApiQueryReceiver()
  queryReceiver(@Query() { receiver }: ReceiverUrlQueryDto): Promise<ReceiverDto | InvoiceViewDto> {
    return this.outside.readReceiverOrInvoice(receiver);
  }

  @Get('quoteSourceAmount')
  @Hop('row-25c')
  @ApiQuoteSourceAmount()
  async quoteSourceAmount(@Query() query: SentAmountQueryDto): Promise<DestinationAmountDto | SentAmountQuote> {
    const { receiver, destinationAddress: to, sourceAmount, destinationScale, connectorAccount } = query;
    if (to === undefined) {
      const destinationAmount = await this.quotes.destinationAmount(receiver, sourceAmount);
      return { destinationAmount: atScale(destinationAmount, destinationScale) };
    }
    textParameter(query as unknown as Record<string, unknown>, 'sourceAmount');
    return this.iprQuotes.quoteSent({ to, sourceAmount, destinationScale, connectorAccount });
  }

  @Get('quoteDestinationAmount')
  @Hop('row-25d')
  @ApiQuoteDestinationAmount()
  async quoteDestinationAmount(@Query() query: QuoteDestinationAmountQueryDto): Promise<SourceAmountDto> {
    return { sourceAmount: await this.quotes.sourceAmount(query.receiver, query.destinationAmount) };
  }

  /** Passes a question on to the DFSP's own connector. */
  @Get('quote')
  @CallableBy('spsp-client-proxy')
  @Hop('row-25')
  @ApiError(400, 'InvalidUriParameterError', 'NoAmountSpecifiedError', 'InvalidAmountSpecifiedError')
  @ApiError(422, 'AssetsNotTradedError', 'UnacceptableExpiryError', 'UnacceptableAmountError')
  @ApiError(502, 'ExternalError')
  relayQuote(@Query() query: ConnectorQuoteQueryDto): Promise<ConnectorQuoteDto> {
    return this.connector.quote('row-25', query as ConnectorQuoteQuery);
  }
}
