import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { ApiError } from '../api-error.decorator.js';
import { MessageDto } from './message.dto.js';

/** Documents `POST /messages` of a ledger, and of the adapter in front of it. */
export function ApiSendMessage(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Sends a message to the subscribers of another account.',
    }),
    ApiBody({
      type: MessageDto,
      examples: { hello: { value: { from: 'admin', to: 'dfsp1', data: { method: 'hello' } } } },
    }),
    ApiResponse({ status: 201 }),
    ApiError(400, 'InvalidBodyError'),
    ApiError(401, 'Unauthorized'),
    ApiError(413, 'PayloadTooLargeError'),
    ApiError(422, 'NoSubscriptionsError'),
  );
}
