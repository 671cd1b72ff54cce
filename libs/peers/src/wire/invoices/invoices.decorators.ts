import { applyDecorators } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiError } from '../api-error.decorator.js';
import { InvoiceNotificationResultDto } from './invoice-notification.dto.js';
import { InvoiceViewDto } from './invoice.dto.js';

/** Documents `POST /invoices` on the merchant's side: of the SPSP client, its proxy and the scheme adapter. */
export function ApiNotifyOfInvoice(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: "Notifies the customer's DFSP of an invoice." }),
    ApiCreatedResponse({ type: InvoiceNotificationResultDto }),
    ApiError(400, 'InvalidBodyError'),
    ApiError(404, 'UserNotFound', 'InvoiceNotificationNotFoundError'),
    ApiError(415, 'UnsupportedMediaTypeError'),
    ApiError(502, 'ExternalError'),
  );
}

/** Documents `GET /invoices` of the SPSP client, its proxy and the scheme adapter. */
export function ApiReadInvoiceByUrl(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: "Reads an invoice at the merchant's DFSP." }),
    ApiOkResponse({ type: InvoiceViewDto }),
    ApiError(400, 'InvalidUriParameterError'),
    ApiError(404, 'InvoiceNotFoundError'),
    ApiError(502, 'ExternalError'),
  );
}
