import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, getSchemaPath } from '@nestjs/swagger';
import { ApiError } from '../api-error.decorator.js';
import { InvoiceViewDto } from '../invoices/invoice.dto.js';
import { DestinationAmountDto, SourceAmountDto } from './receiver-query.dto.js';
import { ReceiverDto } from './receiver.dto.js';

/** Documents `GET /query` of the SPSP client, and of its proxy. */
export function ApiQueryReceiver(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'The receiver or the invoice with this URL. Only URLs of registered DFSPs are called.' }),
    ApiExtraModels(ReceiverDto, InvoiceViewDto),
    ApiOkResponse({
      schema: { oneOf: [{ $ref: getSchemaPath(ReceiverDto) }, { $ref: getSchemaPath(InvoiceViewDto) }] },
    }),
    ApiError(400, 'InvalidUriParameterError'),
    ApiError(404, 'InvalidReceiverIdError', 'InvoiceNotFoundError'),
    ApiError(422, 'NoAccount'),
    ApiError(502, 'ExternalError'),
  );
}

/** Documents `GET /quoteSourceAmount` of the SPSP client, and of its proxy. */
export function ApiQuoteSourceAmount(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Amount that arrives for a source amount.' }),
    ApiOkResponse({ type: DestinationAmountDto }),
    ApiAmountErrors(),
  );
}

/** Documents `GET /quoteDestinationAmount` of the SPSP client, and of its proxy. */
export function ApiQuoteDestinationAmount(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Amount to send for a destination amount.' }),
    ApiOkResponse({ type: SourceAmountDto }),
    ApiAmountErrors(),
  );
}

function ApiAmountErrors(): MethodDecorator {
  return applyDecorators(
    ApiError(400, 'InvalidUriParameterError', 'NoAmountSpecifiedError', 'InvalidAmountSpecifiedError'),
    ApiError(404, 'InvalidReceiverIdError', 'InvoiceNotFoundError'),
    ApiError(422, 'UnacceptableAmountError', 'AssetsNotTradedError'),
    ApiError(502, 'ExternalError'),
  );
}
