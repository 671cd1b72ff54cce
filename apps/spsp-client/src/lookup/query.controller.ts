import { Controller, Get, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import {
  ConnectorQuoteDto,
  type ConnectorQuoteQuery,
  DestinationAmountDto,
  ErrorDto,
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
import { ConnectorQuoteQueryDto, SentAmountQueryDto } from './query.dto.js';
import { SpspClientQuotesService } from '../quotes/quotes.service.js';

const AMOUNT_PROBLEMS = 'InvalidUriParameterError, NoAmountSpecifiedError, InvalidAmountSpecifiedError';

@ApiExtraModels(ReceiverDto, InvoiceViewDto)
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@Controller(['v1', ''])
export class SpspClientQueryController {
  constructor(
    private readonly outside: OutsideWorld,
    private readonly quotes: SpspClientQuotesService,
    private readonly connector: IlpConnectorClient,
    private readonly iprQuotes: IprQuotesService,
  ) {}

  /** Who, or which invoice, is behind a URL? Only URLs of registered DFSPs are ever called. */
  @Get('query')
  @Hop('I.D')
  @ApiOkResponse({
    schema: { oneOf: [{ $ref: getSchemaPath(ReceiverDto) }, { $ref: getSchemaPath(InvoiceViewDto) }] },
  })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvalidReceiverIdError, InvoiceNotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'NoAccount' })
  queryReceiver(@Query() { receiver }: ReceiverUrlQueryDto): Promise<ReceiverDto | InvoiceViewDto> {
    return this.outside.query(receiver);
  }

  /** What arrives when so much is sent? */
  @Get('quoteSourceAmount')
  @Hop('row-25c')
  @ApiResponse({ status: 400, type: ErrorDto, description: AMOUNT_PROBLEMS })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvalidReceiverIdError, InvoiceNotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnacceptableAmountError, AssetsNotTradedError' })
  async quoteSourceAmount(@Query() query: SentAmountQueryDto): Promise<DestinationAmountDto | SentAmountQuote> {
    const { receiver, destinationAddress: to, sourceAmount, destinationScale, connectorAccount } = query;
    if (to === undefined) {
      const destinationAmount = await this.quotes.destinationAmount(receiver, sourceAmount);
      return { destinationAmount: atScale(destinationAmount, destinationScale) };
    }
    textParameter(query as unknown as Record<string, unknown>, 'sourceAmount');
    return this.iprQuotes.quoteSent({ to, sourceAmount, destinationScale, connectorAccount });
  }

  /** What must be sent for so much to arrive? */
  @Get('quoteDestinationAmount')
  @Hop('row-25d')
  @ApiResponse({ status: 400, type: ErrorDto, description: AMOUNT_PROBLEMS })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvalidReceiverIdError, InvoiceNotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnacceptableAmountError, AssetsNotTradedError' })
  async quoteDestinationAmount(@Query() query: QuoteDestinationAmountQueryDto): Promise<SourceAmountDto> {
    return { sourceAmount: await this.quotes.sourceAmount(query.receiver, query.destinationAmount) };
  }

  /** Passes a question on to the DFSP's own connector. */
  @Get('quote')
  @CallableBy('spsp-client-proxy')
  @Hop('row-25')
  @ApiResponse({ status: 400, type: ErrorDto, description: AMOUNT_PROBLEMS })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description: 'AssetsNotTradedError, UnacceptableExpiryError, UnacceptableAmountError',
  })
  relayQuote(@Query() query: ConnectorQuoteQueryDto): Promise<ConnectorQuoteDto> {
    return this.connector.quote('row-25', query as ConnectorQuoteQuery);
  }
}
