import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiExtension, ApiTags } from '@nestjs/swagger';
import {
  ApiQuotePayment,
  ApiReadQuote,
  paymentIdOf,
  QuoteDto,
  QuoteRequestDto,
  QuoteResponseDto,
  SchemeAdapterClient,
} from '@level-one/peers';
import { CallableBy, currentTrace, withTrace } from '@level-one/platform';

/** Quotes at the paths of the second seed's sample, passed on to the scheme adapter (ruling 13). */
@ApiTags('Quote a payment (Q.1, Q.2)')
@ApiExtension('x-passes-to', 'scheme-adapter')
@CallableBy('channel')
@Controller(['spsp/client/v1', 'v1', ''])
export class SpspClientProxyQuotesController {
  constructor(private readonly schemeAdapter: SchemeAdapterClient) {}

  /** Quotes a payment, by the DFSP's scheme adapter. */
  @Post('quotes')
  @HttpCode(200)
  @ApiQuotePayment()
  quotePayment(@Body() request: QuoteRequestDto): Promise<QuoteResponseDto> {
    const trace = { ...currentTrace(), traceId: paymentIdOf(request) };
    return withTrace(trace, () => this.schemeAdapter.quote(request));
  }

  @Get('quotes/:paymentId')
  @ApiReadQuote()
  readQuote(@Param('paymentId') paymentId: string): Promise<QuoteDto> {
    return this.schemeAdapter.storedQuote(paymentId);
  }
}
