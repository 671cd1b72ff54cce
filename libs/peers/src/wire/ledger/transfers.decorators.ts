import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiExtension,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
} from '@nestjs/swagger';
import { ApiError } from '../api-error.decorator.js';
import { RejectionDto, TransferDto, TransferRequestDto, TransferStateDto } from './transfer.dto.js';

const TRANSFER_ID = '3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14';

const TRANSFER_ID_PARAM = { name: 'id', description: 'UUID', example: TRANSFER_ID };

/** That of the example's condition. */
const FULFILLMENT_SCHEMA = { type: 'string', example: 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f' };

/** The examples name no ledger, so that each holds on all that know its accounts. */
const TRANSFER_BODY = {
  type: TransferRequestDto,
  examples: {
    prepared: {
      summary: 'prepared, on the ledger of dfsp1: the money is held until the condition is fulfilled',
      value: {
        debits: [{ account: 'alice', amount: '10.40', authorized: true }],
        credits: [{ account: 'dave', amount: '10.40' }],
        execution_condition: 'ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32',
        expires_at: '2030-01-01T00:00:00.000Z',
      },
    },
    executed: {
      summary: 'executed at once, without a condition, on the ledger of dfsp2 (under another id)',
      value: {
        debits: [{ account: 'carol', amount: '10.40', authorized: true }],
        credits: [{ account: 'frank', amount: '10.40' }],
      },
    },
    betweenDfsps: {
      summary: 'executed at once on the central ledger, as dfsp1 (under another id)',
      value: {
        debits: [{ account: 'dfsp1', amount: '10.40', authorized: true }],
        credits: [{ account: 'dfsp2', amount: '10.40' }],
      },
    },
  },
};

/** Documents `PUT /transfers/{id}` of a ledger, and of the adapter in front of it. */
export function ApiPutTransfer(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Proposes a transfer, or prepares it if its debit is authorized. A repeated request is answered 200.',
    }),
    ApiBody(TRANSFER_BODY),
    ApiCreatedResponse({ type: TransferDto, description: 'The transfer is new' }),
    ApiOkResponse({ type: TransferDto, description: 'The transfer was known, or is authorized now' }),
    ApiError(403, 'UnauthorizedError'),
    ApiError(413, 'PayloadTooLargeError'),
    ApiError(
      422,
      'UnprocessableEntityError',
      'InsufficientFundsError',
      'AlreadyExistsError',
      'ExpiredTransferError',
      'UnsupportedCryptoConditionError',
    ),
    ApiParam(TRANSFER_ID_PARAM),
  );
}

/** Documents `POST /transfers/{id}`. */
export function ApiPostTransfer(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Alias of `PUT /transfers/{id}`.' }),
    ApiExtension('x-alias-of', 'PUT /transfers/{id}'),
    ApiBody(TRANSFER_BODY),
    ApiCreatedResponse({ type: TransferDto }),
    ApiOkResponse({ type: TransferDto }),
    ApiParam(TRANSFER_ID_PARAM),
  );
}

/** Documents `GET /transfers/{id}`. */
export function ApiReadTransfer(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'One transfer in its present state, for its parties and for roles; others get 404.' }),
    ApiOkResponse({ type: TransferDto }),
    ApiError(404, 'NotFoundError'),
    ApiParam(TRANSFER_ID_PARAM),
  );
}

/** Documents `GET /transfers/{id}/state`. */
export function ApiReadTransferState(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'State of a transfer.' }),
    ApiOkResponse({ type: TransferStateDto }),
    ApiError(404, 'NotFoundError'),
    ApiParam(TRANSFER_ID_PARAM),
  );
}

/** Documents `PUT /transfers/{id}/fulfillment`. */
export function ApiFulfilTransfer(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary:
        'Executes a prepared transfer with the preimage of its condition. Anyone who knows the preimage may; a ' +
        'transfer to an account without direct use needs the right `fulfil`.',
    }),
    ApiFulfillmentBody(),
    ApiOkResponse({ schema: FULFILLMENT_SCHEMA, description: 'The fulfillment as first submitted' }),
    ApiError(404, 'NotFoundError'),
    ApiError(
      422,
      'UnmetConditionError',
      'TransferNotConditionalError',
      'ExpiredTransferError',
      'UnsupportedCryptoConditionError',
    ),
    ApiParam(TRANSFER_ID_PARAM),
  );
}

/** Documents `POST /transfers/{id}/fulfillment`. */
export function ApiPostFulfillment(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Alias of `PUT /transfers/{id}/fulfillment`.' }),
    ApiExtension('x-alias-of', 'PUT /transfers/{id}/fulfillment'),
    ApiFulfillmentBody(),
    ApiOkResponse({ schema: FULFILLMENT_SCHEMA }),
    ApiParam(TRANSFER_ID_PARAM),
  );
}

function ApiFulfillmentBody(): MethodDecorator {
  return applyDecorators(
    ApiConsumes('text/plain', 'application/json'),
    ApiProduces('text/plain'),
    ApiBody({ schema: FULFILLMENT_SCHEMA }),
  );
}

/** Documents `GET /transfers/{id}/fulfillment`. */
export function ApiReadFulfillment(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'The fulfillment of an executed transfer, as submitted.' }),
    ApiProduces('text/plain'),
    ApiOkResponse({ schema: FULFILLMENT_SCHEMA }),
    ApiError(404, 'TransferNotFoundError', 'MissingFulfillmentError'),
    ApiError(422, 'AlreadyRolledBackError', 'TransferNotConditionalError'),
    ApiParam(TRANSFER_ID_PARAM),
  );
}

/** Documents `PUT /transfers/{id}/rejection`. */
export function ApiRejectTransfer(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Rejects a transfer for its credit side and releases its hold. The body has the reason.',
    }),
    ApiConsumes('application/json', 'text/plain'),
    ApiBody({ type: RejectionDto }),
    ApiOkResponse({ type: TransferDto }),
    ApiError(403, 'UnauthorizedError'),
    ApiError(404, 'NotFoundError'),
    ApiError(413, 'PayloadTooLargeError'),
    ApiError(422, 'TransferNotConditionalError'),
    ApiParam(TRANSFER_ID_PARAM),
  );
}

/** Documents the errors that all routes of a transfer have in common. */
export function ApiTransferErrors(): ClassDecorator {
  return applyDecorators(
    ApiError(400, 'InvalidUriParameterError', 'InvalidBodyError', 'InvalidModificationError'),
    ApiError(401, 'Unauthorized'),
  );
}
