import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ErrorDto, Hop } from '@level-one/peers';
import { Admits, TRACE_HEADER } from '@level-one/platform';
import type { FastifyReply } from 'fastify';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { ChannelQuotesService } from './channel-quotes.service.js';
import { quotedDto } from './quoted-presenter.js';
import { QuoteOrderDto, QuotedDto } from './quotes.dto.js';

/** Quotes for payments of this DFSP's clients, for its channel. */
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(['v1', ''])
export class PayerQuotesController {
  constructor(
    private readonly channel: ChannelQuotesService,
    private readonly settings: DfspApiSettings,
  ) {}

  /** Quotes a payment of a client to a number. The price is valid until it expires. */
  @Post('quote')
  @Hop('quote')
  @Admits('channel')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, IncorrectAmountTypeError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'ClientNotFound, NotFoundError (account), UserNotFound' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description:
      'UnprocessableEntityError, NoAccount, UserIsAboveFraudThreshold, LimitExceededError, QuoteMismatchError, QuoteExpiredError',
  })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  async quotePayment(
    @Body() order: QuoteOrderDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuotedDto> {
    const quote = await this.channel.quotePayment(order);
    void reply.header(TRACE_HEADER, quote.paymentId);
    return quotedDto(quote, this.settings);
  }
}
