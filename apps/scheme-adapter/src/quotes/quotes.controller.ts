import { Body, Controller, Get, Headers, HttpCode, Param, Post, Req, UseInterceptors } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import {
  ApiError,
  ApiQuotePayment,
  ApiReadQuote,
  FromDfsp,
  Hop,
  INITIATOR_HEADER,
  isOfProxy,
  OfferedQuoteDto,
  OutsideErrorsInterceptor,
  QuoteDto,
  QuoteRequestDto,
  QuoteResponseDto,
} from '@level-one/peers';
import { Admits, CallableBy } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { isOfAnotherDfsp } from './initiator.js';
import { SchemeAdapterQuotesService } from './quotes.service.js';

/** Quotes (contract 2.8): from the own DFSP's API, and from other DFSPs' scheme adapters. */
@ApiExtraModels(QuoteResponseDto, OfferedQuoteDto)
@ApiError(401, 'Unauthorized')
@UseInterceptors(new OutsideErrorsInterceptor((context) => isOfAnotherDfsp(context.switchToHttp().getRequest())))
@Controller(['scheme/adapter/v1', 'v1'])
export class SchemeAdapterQuotesController {
  constructor(private readonly quotes: SchemeAdapterQuotesService) {}

  /**
   * Quotes a payment; both DFSPs reserve the price. With the header `initiator: PROXY` the caller is another DFSP's
   * scheme adapter, and the answer has a payment request instead of the cost for the payer.
   */
  @Post('quotes')
  @CallableBy('dfsp-api', 'spsp-client-proxy', 'dfsp')
  @Hop('Q.1', 'row-44')
  @Admits('dfsp', 'spsp-client-proxy')
  @HttpCode(200)
  @ApiHeader({
    name: INITIATOR_HEADER,
    required: false,
    description: 'PROXY if the caller is the scheme adapter of another DFSP',
  })
  @ApiQuotePayment()
  @ApiOkResponse({
    schema: { anyOf: [{ $ref: getSchemaPath(QuoteResponseDto) }, { $ref: getSchemaPath(OfferedQuoteDto) }] },
  })
  quotePayment(
    @Body() request: QuoteRequestDto,
    @Headers(INITIATOR_HEADER) initiator: string | undefined,
    @FromDfsp() from: string | undefined,
    @Req() { callers = [] }: FastifyRequest,
  ): Promise<QuoteResponseDto | OfferedQuoteDto> {
    if (isOfProxy(initiator)) return this.quotes.offerQuote(request, from);
    return this.quotes.obtainQuote(request, { isKept: !callers.includes('dfsp-api') });
  }

  @Get('quotes/:paymentId')
  @Hop('row-46a')
  @ApiReadQuote()
  readQuote(@Param('paymentId') paymentId: string): Promise<QuoteDto> {
    return this.quotes.readStoredQuote(paymentId);
  }
}
