import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { ErrorDto, Hop, QuoteDto } from '@level-one/peers';
import { commonError, CommonErrorId, readUuid } from '@level-one/platform';
import { QuoteSide } from '@level-one/quote';
import { storedQuoteDto } from './quote-presenter.js';
import { StoredQuotes } from './stored-quotes.service.js';

/** Reads quotes of this DFSP, on either side. */
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(['v1', ''])
export class StoredQuotesController {
  constructor(private readonly stored: StoredQuotes) {}

  /**
   * A quote of this DFSP with its status. For a payment inside the DFSP `side` chooses; by default the payer's side.
   */
  @Get('quotes/:paymentId')
  @Hop('row-46', 'row-46b')
  @ApiParam({
    name: 'paymentId',
    examples: {
      own: { summary: "of POST /v1/quote, at the payer's DFSP", value: '6b0f8d6e-2f9c-4d11-9d5a-83a1c7e2f045' },
      given: { summary: "of POST /v1/quotes, at the payee's DFSP", value: '110ec58a-a0f2-4ac4-8393-c866d813b8d1' },
    },
  })
  @ApiQuery({ name: 'side', required: false, enum: QuoteSide })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'QuoteNotFoundError' })
  async readQuote(@Param('paymentId') paymentId: string, @Query('side') side?: string): Promise<QuoteDto> {
    const id = readUuid(paymentId, 'paymentId');
    if (side !== undefined && !Object.values<string>(QuoteSide).includes(side)) {
      throw commonError(CommonErrorId.InvalidUriParameter, { message: 'side must be debit or credit' });
    }
    return storedQuoteDto(await this.stored.getQuote(id, side as QuoteSide | undefined));
  }
}
