import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiError } from '../api-error.decorator.js';
import { DigestDto } from './digest.dto.js';
import {
  ClaimDto,
  ClaimRefusalDto,
  ClaimRequestDto,
  ClaimsDto,
  LedgerKeyDto,
  TransferStatementDto,
} from './claim.dto.js';

const TRANSFER_ID = { name: 'id', description: 'UUID', example: '3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14' };

/** Documents `POST /transfers/{id}/claims` of a ledger, and of the adapter in front of it. */
export function ApiMakeClaim(): MethodDecorator {
  return applyDecorators(
    ApiTags('Claims'),
    ApiOperation({
      summary:
        'Claims a transfer that ended by its time although the one behind it was executed, for its creditor: once, within ' +
        'CLAIM_WINDOW_S, with a signed statement of the following ledger. The same claim again is answered as it stands.',
    }),
    ApiParam(TRANSFER_ID),
    ApiBody({ type: ClaimRequestDto }),
    ApiCreatedResponse({ type: ClaimDto }),
    ApiOkResponse({ type: ClaimDto, description: 'The claim was known' }),
    ApiError(400, 'InvalidModificationError'),
    ApiError(403, 'UnauthorizedError'),
    ApiError(404, 'NotFoundError'),
    ApiError(
      422,
      'UnprocessableEntityError',
      'ExpiredTransferError',
      'AlreadyRolledBackError',
      'UnmetConditionError',
      'TransferNotConditionalError',
      'UnsupportedCryptoConditionError',
    ),
  );
}

/** Documents `GET /transfers/{id}/claims`. */
export function ApiReadClaim(): MethodDecorator {
  return applyDecorators(
    ApiTags('Claims'),
    ApiOperation({ summary: 'The claim of a transfer, for its creditor, administrators and the right `read`.' }),
    ApiParam(TRANSFER_ID),
    ApiOkResponse({ type: ClaimDto }),
    ApiError(404, 'NotFoundError'),
  );
}

/** Documents `PUT /transfers/{id}/claims/approval`. */
export function ApiApproveClaim(): MethodDecorator {
  return applyDecorators(
    ApiTags('Claims'),
    ApiOperation({
      summary: 'Approves a claim, for administrators; two different ones pay it. The same one again changes nothing.',
    }),
    ApiParam(TRANSFER_ID),
    ApiOkResponse({ type: ClaimDto }),
    ApiError(400, 'InvalidModificationError'),
    ApiError(403, 'UnauthorizedError'),
    ApiError(404, 'NotFoundError'),
    ApiError(422, 'UnprocessableEntityError'),
  );
}

/** Documents `PUT /transfers/{id}/claims/refusal`. */
export function ApiRefuseClaim(): MethodDecorator {
  return applyDecorators(
    ApiTags('Claims'),
    ApiOperation({ summary: 'Ends a claim that is not approved without paying it, for administrators.' }),
    ApiParam(TRANSFER_ID),
    ApiBody({ type: ClaimRefusalDto }),
    ApiOkResponse({ type: ClaimDto }),
    ApiError(400, 'InvalidModificationError'),
    ApiError(403, 'UnauthorizedError'),
    ApiError(404, 'NotFoundError'),
  );
}

/** Documents `GET /claims`. */
export function ApiListClaims(): MethodDecorator {
  return applyDecorators(
    ApiTags('Claims'),
    ApiOperation({
      summary:
        'Claims, oldest first: those that are neither booked nor refused, or all. For administrators and `read`.',
    }),
    ApiOkResponse({ type: ClaimsDto }),
    ApiError(400, 'InvalidUriParameterError'),
    ApiError(403, 'UnauthorizedError'),
  );
}

/** Documents `GET /transfers/{id}/statement` of a ledger, and of the adapter in front of it. */
export function ApiReadTransferStatement(): MethodDecorator {
  return applyDecorators(
    ApiTags('Claims'),
    ApiOperation({
      summary: 'What the ledger says about a transfer, signed, for its parties and for roles; others get 404.',
    }),
    ApiParam(TRANSFER_ID),
    ApiOkResponse({ type: TransferStatementDto }),
    ApiError(404, 'NotFoundError'),
  );
}

/** Documents `GET /digest` of a ledger. */
export function ApiReadDigest(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary:
        'A digest of all events up to one of them, signed. Two copies of the log that have the same digest are the ' +
        'same up to there. For administrators and the right `read`.',
    }),
    ApiOkResponse({ type: DigestDto }),
    ApiError(400, 'InvalidUriParameterError'),
    ApiError(401, 'Unauthorized'),
    ApiError(403, 'UnauthorizedError'),
    ApiError(422, 'UnprocessableEntityError'),
  );
}

/** Documents `GET /signing-key` of a ledger. */
export function ApiReadSigningKey(): MethodDecorator {
  return applyDecorators(
    ApiTags('Ledger'),
    ApiOperation({ summary: 'The public key by which the ledger signs statements. Needs no credentials.' }),
    ApiOkResponse({ type: LedgerKeyDto }),
  );
}
