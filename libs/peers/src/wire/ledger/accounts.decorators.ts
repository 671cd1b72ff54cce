import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { ApiError } from '../api-error.decorator.js';
import { AccountDto, AccountRequestDto } from './account.dto.js';
import { FundsRequestDto } from './funds.dto.js';
import { BalanceDto, StatementDto } from './statement.dto.js';

const NAME = { name: 'name', description: 'Name of the account', example: 'admin' };
/** An account that the demo network does not have, so that a try changes no other account. */
const NEW_NAME = { ...NAME, example: 'zoe' };
const NEW_ACCOUNT = {
  'a new account': { value: { name: 'zoe', password: 'a password of zoe', balance: '100.00', accountType: 'mw' } },
};

/** Documents `GET /accounts` of a ledger, and of the adapter in front of it. */
export function ApiListAccounts(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Every account, sorted by name, for administrators; `limit` and `after` say which page.' }),
    ApiOkResponse({ type: [AccountDto] }),
    ApiError(400, 'InvalidUriParameterError'),
    ApiError(401, 'Unauthorized'),
    ApiError(403, 'UnauthorizedError'),
  );
}

/** Documents `GET /accounts/{name}`. */
export function ApiReadAccount(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'One account; its funds only for its owner and administrators. Needs no credentials.' }),
    ApiParam(NAME),
    ApiOkResponse({ type: AccountDto }),
    ApiError(401, 'Unauthorized'),
    ApiError(404, 'NotFoundError'),
  );
}

/** Documents `PUT /accounts/{name}`. */
export function ApiPutAccount(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Opens an account or changes one, for administrators.' }),
    ApiParam(NEW_NAME),
    ApiBody({ type: AccountRequestDto, examples: NEW_ACCOUNT }),
    ApiCreatedResponse({ type: AccountDto, description: 'The account is new' }),
    ApiOkResponse({ type: AccountDto, description: 'The account was changed' }),
    ApiError(400, 'InvalidUriParameterError', 'InvalidBodyError'),
    ApiError(401, 'Unauthorized'),
    ApiError(403, 'UnauthorizedError'),
    ApiError(422, 'UnprocessableEntityError'),
  );
}

/** Documents `POST /accounts/{name}/funds`. */
export function ApiMoveFunds(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary:
        'Books money that came to the ledger or left it, for administrators. The amount is booked against the ' +
        '`issuance` account, once per id; a repeated request is answered 200.',
    }),
    ApiParam(NEW_NAME),
    ApiBody({ type: FundsRequestDto }),
    ApiCreatedResponse({ type: AccountDto, description: 'The movement is booked' }),
    ApiOkResponse({ type: AccountDto, description: 'The movement was booked before' }),
    ApiError(400, 'InvalidBodyError', 'InvalidModificationError'),
    ApiError(401, 'Unauthorized'),
    ApiError(403, 'UnauthorizedError'),
    ApiError(404, 'NotFoundError'),
    ApiError(422, 'UnprocessableEntityError', 'InsufficientFundsError'),
  );
}

/** Documents `DELETE /accounts/{name}`. */
export function ApiCloseAccount(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary:
        'Closes an account for good, for administrators: its name stays taken, its statement readable. Only an empty ' +
        'account that no open transfer names can be closed; use `is_disabled` to stop one for a while.',
    }),
    ApiParam(NEW_NAME),
    ApiOkResponse({ type: AccountDto }),
    ApiError(401, 'Unauthorized'),
    ApiError(403, 'UnauthorizedError'),
    ApiError(404, 'NotFoundError'),
    ApiError(422, 'UnprocessableEntityError'),
  );
}

/** Documents `GET /accounts/{name}/entries`. */
export function ApiListEntries(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary:
        "A page of the account's entries, the newest first, each with the balance it left; `limit`, `before`, `from` " +
        'and `to` say which.',
    }),
    ApiOkResponse({ type: StatementDto }),
    ApiStatementOfAccount(),
  );
}

/** Documents `GET /accounts/{name}/balance`. */
export function ApiReadBalance(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: "What was booked on the account at a time (`at`), by the ledger's clock." }),
    ApiOkResponse({ type: BalanceDto }),
    ApiStatementOfAccount(),
  );
}

function ApiStatementOfAccount(): MethodDecorator {
  return applyDecorators(
    ApiParam(NAME),
    ApiError(400, 'InvalidUriParameterError'),
    ApiError(401, 'Unauthorized'),
    ApiError(403, 'UnauthorizedError'),
    ApiError(404, 'NotFoundError'),
  );
}
