import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { ApiError } from '../api-error.decorator.js';
import { GraceDto, GraceRequestDto, LapsedTransfersDto, LateTransfersDto, VoidDto } from './grace.dto.js';
import { TransferDto } from './transfer.dto.js';

const TRANSFER_ID = { name: 'id', description: 'UUID', example: '3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14' };
const UNUSED_ID = { ...TRANSFER_ID, example: '7d1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c15' };

/** Documents `GET /transfers/{id}/grace` of a ledger, and of the adapter in front of it. */
export function ApiReadGrace(): MethodDecorator {
  return applyDecorators(
    ApiTags('Graces'),
    ApiOperation({
      summary: 'Until when a transfer is open, for its parties and for roles; others get 404.',
    }),
    ApiOkResponse({ type: GraceDto }),
    ApiError(404, 'NotFoundError'),
    ApiError(422, 'TransferNotConditionalError'),
    ApiParam(TRANSFER_ID),
  );
}

/** Documents `PUT /transfers/{id}/grace`. */
export function ApiRenewGrace(): MethodDecorator {
  return applyDecorators(
    ApiTags('Graces'),
    ApiOperation({
      summary:
        'Keeps a late transfer open for longer, for its creditor only: while it is open and past its expiry, to a ' +
        'later end, at most RENEWAL_MAX_S after the expiry. A repeated request changes nothing.',
    }),
    ApiBody({ type: GraceRequestDto }),
    ApiOkResponse({ type: GraceDto }),
    ApiError(403, 'UnauthorizedError'),
    ApiError(404, 'NotFoundError'),
    ApiError(422, 'UnprocessableEntityError', 'ExpiredTransferError'),
    ApiParam(TRANSFER_ID),
  );
}

/** Documents `GET /accounts/{name}/late-transfers`. */
export function ApiListLateTransfers(): MethodDecorator {
  return applyDecorators(
    ApiTags('Graces'),
    ApiOperation({
      summary:
        'The open transfers that credit the account and are past their expiry, each with its end and without memos; ' +
        'for its owner, administrators and the right `read`. `limit` and `after` say which page.',
    }),
    ApiOkResponse({ type: LateTransfersDto }),
    ApiParam({ name: 'name', description: 'Name of the account', example: 'dfsp1-testconnector' }),
    ApiError(400, 'InvalidUriParameterError'),
    ApiError(401, 'Unauthorized'),
    ApiError(403, 'UnauthorizedError'),
    ApiError(404, 'NotFoundError'),
  );
}

/** Documents `GET /accounts/{name}/lapsed-transfers`. */
export function ApiListLapsedTransfers(): MethodDecorator {
  return applyDecorators(
    ApiTags('Graces'),
    ApiOperation({
      summary:
        'The transfers that credit the account and whose grace lapsed: it neither fulfilled nor rejected them. Newest ' +
        'first; for its owner, administrators and the right `read`. `limit` and `before` say which page.',
    }),
    ApiOkResponse({ type: LapsedTransfersDto }),
    ApiParam({ name: 'name', description: 'Name of the account', example: 'dfsp1-testconnector' }),
    ApiError(400, 'InvalidUriParameterError'),
    ApiError(401, 'Unauthorized'),
    ApiError(403, 'UnauthorizedError'),
    ApiError(404, 'NotFoundError'),
  );
}

/** Documents `GET /lapsed-transfers`. */
export function ApiListAllLapsedTransfers(): MethodDecorator {
  return applyDecorators(
    ApiTags('Graces'),
    ApiOperation({ summary: 'The transfers of all accounts whose grace lapsed, newest first, for administrators.' }),
    ApiOkResponse({ type: LapsedTransfersDto }),
    ApiError(400, 'InvalidUriParameterError'),
    ApiError(401, 'Unauthorized'),
    ApiError(403, 'UnauthorizedError'),
  );
}

/** Documents `PUT /transfers/{id}/void`. */
export function ApiVoidTransfer(): MethodDecorator {
  return applyDecorators(
    ApiTags('Graces'),
    ApiExtraModels(TransferDto, VoidDto),
    ApiOperation({
      summary:
        'Sees to it that an unknown id never becomes a transfer, and drops the charges that wait for it; a known ' +
        'transfer is answered and stays as it is. For accounts with the right `void`; connectors, and DFSPs at the ' +
        'centre, void an id for their own debits only.',
    }),
    ApiOkResponse({ schema: { oneOf: [{ $ref: getSchemaPath(VoidDto) }, { $ref: getSchemaPath(TransferDto) }] } }),
    ApiError(403, 'UnauthorizedError'),
    ApiParam(UNUSED_ID),
  );
}
