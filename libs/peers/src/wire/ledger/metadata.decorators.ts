import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiError } from '../api-error.decorator.js';
import { ConnectorDto, LedgerMetadataDto, TokenDto } from './metadata.dto.js';

/** Documents `GET /` of a ledger, and of the adapter in front of it. */
export function ApiReadMetadata(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Currency, connectors and URLs of this ledger. Needs no credentials.' }),
    ApiOkResponse({ type: LedgerMetadataDto }),
  );
}

/** Documents `GET /connectors`. */
export function ApiListConnectors(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Connectors that have an account here. Needs no credentials.' }),
    ApiOkResponse({ type: [ConnectorDto] }),
  );
}

/** Documents `GET /auth_token`. */
export function ApiIssueToken(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary:
        "A token for `Authorization: Bearer` and the websocket, valid for a week and as long as the account's " +
        'password. It needs the password: a token does not renew itself.',
    }),
    ApiOkResponse({ type: TokenDto }),
    ApiError(401, 'Unauthorized'),
  );
}
