import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { statedUnitProblem } from '@level-one/money';
import { ConnectorQuoteDto, ErrorDto, Hop } from '@level-one/peers';
import { ConnectorErrorId, connectorError, notConnectedYet } from '../ledgers/connector-errors.js';
import { LedgerLinks } from '../subscriptions/ledger-links.js';
import { QuoteOffers } from '../quotes/quote-offers.js';

/** Parameters that choose the unit of the answer. */
const FORM_OF_ANSWER = new Set(['destination_precision', 'destination_scale']);

@Controller()
export class QuoteController {
  constructor(
    private readonly offers: QuoteOffers,
    private readonly links: LedgerLinks,
  ) {}

  @Get('quote')
  @Hop('P.C', 'row-25')
  @ApiOperation({ summary: 'What would it cost to pay another DFSP, and how long would money be held?' })
  @ApiQuery({ name: 'source_address', example: 'levelone.dfsp1.alice' })
  @ApiQuery({ name: 'destination_address', example: 'levelone.dfsp2.bob' })
  @ApiQuery({ name: 'source_amount', required: false, description: 'either this or destination_amount' })
  @ApiQuery({ name: 'destination_amount', required: false, example: '10.40' })
  @ApiQuery({ name: 'source_expiry_duration', required: false, description: 'seconds' })
  @ApiQuery({ name: 'destination_expiry_duration', required: false, description: 'seconds' })
  @ApiQuery({ name: 'destination_precision', required: false, description: 'digits, together with destination_scale' })
  @ApiQuery({ name: 'destination_scale', required: false, description: 'decimals' })
  @ApiResponse({ status: 200, type: ConnectorQuoteDto })
  @ApiResponse({
    status: 400,
    type: ErrorDto,
    description: 'NoAmountSpecifiedError, InvalidAmountSpecifiedError, InvalidUriParameterError',
  })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description: 'AssetsNotTradedError, UnacceptableExpiryError, UnacceptableAmountError, LedgerNotConnectedError',
  })
  @ApiResponse({
    status: 503,
    type: ErrorDto,
    description: "ServiceUnavailableError with Retry-After: a ledger or the payee's connector does not answer yet",
  })
  async quoteConnector(@Query() query: Record<string, unknown>): Promise<ConnectorQuoteDto> {
    const problem = statedUnitProblem(query, undefined, (name) => FORM_OF_ANSWER.has(name));
    if (problem) throw connectorError(ConnectorErrorId.InvalidUriParameter, { message: problem.message });
    const offer = await this.offers.outwards(query);
    if (!this.links.areLive()) throw notConnectedYet('A ledger of this route is being connected');
    return offer;
  }
}
