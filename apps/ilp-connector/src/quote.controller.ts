import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { joinAddress } from '@level-one/ilp';
import { parseAmount } from '@level-one/money';
import { ConnectorQuoteDto, ErrorDto, Hop } from '@level-one/peers';
import { ConnectorErrorId, connectorError } from './connector-errors.js';
import { offerQuote, type QuoteTerms } from './connector-quote.js';
import { IlpConnectorSettings } from './ilp-connector.settings.js';
import { LedgerLinks } from './ledger-links.js';
import { Routes } from './routes.js';

@Controller()
export class QuoteController {
  private readonly terms: QuoteTerms;

  constructor(
    settings: IlpConnectorSettings,
    routes: Routes,
    private readonly links: LedgerLinks,
  ) {
    this.terms = {
      routes,
      connectorAddress: joinAddress(settings.ilpPrefix, settings.ledgerName),
      scale: settings.scale,
      liquidity: parseAmount(settings.liquidity, { scale: settings.scale, precision: 18 }),
      minMessageWindowS: settings.minMessageWindowS,
      maxHoldTimeS: settings.maxHoldTimeS,
    };
  }

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
  quote(@Query() query: Record<string, unknown>): ConnectorQuoteDto {
    const offer = offerQuote(query, this.terms);
    if (!this.links.areLive()) throw connectorError(ConnectorErrorId.LedgerNotConnected);
    return offer;
  }
}
