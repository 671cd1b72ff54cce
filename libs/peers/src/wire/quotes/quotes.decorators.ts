import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { ApiError } from '../api-error.decorator.js';
import { QUOTE_EXAMPLES, QuoteDto, QuoteRequestDto } from './quote.dto.js';

/** Documents `POST /quotes` of the scheme adapter, and of the SPSP client proxy that passes it on; the answer is theirs. */
export function ApiQuotePayment(): MethodDecorator {
  return applyDecorators(
    ApiBody({ type: QuoteRequestDto, examples: QUOTE_EXAMPLES }),
    ApiError(400, 'InvalidBodyError', 'IncorrectAmountTypeError'),
    ApiError(404, 'UserNotFound'),
    ApiError(
      422,
      'UnprocessableEntityError',
      'NoAccount',
      'LimitExceededError',
      'QuoteMismatchError',
      'QuoteExpiredError',
    ),
    ApiError(502, 'ExternalError'),
  );
}

/** Documents `GET /quotes/{paymentId}` of the scheme adapter, and of the SPSP client proxy that passes it on. */
export function ApiReadQuote(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'A quote of the own DFSP, on either side, with its status.' }),
    ApiParam({ name: 'paymentId', example: '110ec58a-a0f2-4ac4-8393-c866d813b8d1' }),
    ApiOkResponse({ type: QuoteDto }),
    ApiError(400, 'InvalidUriParameterError'),
    ApiError(404, 'QuoteNotFoundError'),
    ApiError(502, 'ExternalError'),
  );
}
