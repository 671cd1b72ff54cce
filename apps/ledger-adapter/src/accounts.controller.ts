import { Controller, Delete, Get, Post, Put, Req, Res } from '@nestjs/common';
import { ApiBody, ApiParam, ApiResponse } from '@nestjs/swagger';
import {
  AccountDto,
  AccountRequestDto,
  BalanceDto,
  FundsRequestDto,
  NEW_ACCOUNT_EXAMPLE,
  StatementDto,
} from '@level-one/ledger';
import { ErrorDto, Hop } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADAPTER_BASE_PATHS } from './adapter-path.js';
import { LedgerRelay } from './ledger-relay.js';

const NAME = { name: 'name', description: 'Name of the account', example: 'admin' };

/** Accounts of the ledger (contract 3.1). */
@CallableBy('account')
@Controller(ADAPTER_BASE_PATHS)
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
export class LedgerAdapterAccountsController {
  constructor(private readonly ledger: LedgerRelay) {}

  /** Every account, for administrators. */
  @Get('accounts')
  @CallableBy('admin')
  @Hop('support-adapter')
  @ApiResponse({ status: 200, type: [AccountDto] })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  async listAccounts(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  /** One account; its funds only for its owner and administrators. Needs no credentials. */
  @Get('accounts/:name')
  @CallableBy('account', 'anyone')
  @Hop('support-adapter')
  @ApiParam(NAME)
  @ApiResponse({ status: 200, type: AccountDto })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async readAccount(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  /** Opens an account or changes one, for administrators. */
  @Put('accounts/:name')
  @CallableBy('admin')
  @Hop('support-adapter')
  @ApiParam({ ...NAME, example: 'zoe' })
  @ApiBody({ type: AccountRequestDto, examples: NEW_ACCOUNT_EXAMPLE })
  @ApiResponse({ status: 201, type: AccountDto, description: 'The account is new' })
  @ApiResponse({ status: 200, type: AccountDto, description: 'The account was changed' })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError, InvalidBodyError' })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  async putAccount(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  /** Books money that came to the ledger or left it, once per id, for administrators. */
  @Post('accounts/:name/funds')
  @Hop('support-adapter')
  @ApiParam({ ...NAME, example: 'zoe' })
  @ApiBody({ type: FundsRequestDto })
  @ApiResponse({ status: 201, type: AccountDto, description: 'It is booked' })
  @ApiResponse({ status: 200, type: AccountDto, description: 'It was booked before' })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidModificationError' })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, InsufficientFundsError' })
  async moveFunds(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  /** Closes an account for good, for administrators. */
  @Delete('accounts/:name')
  @CallableBy('admin')
  @Hop('support-adapter')
  @ApiParam({ ...NAME, example: 'zoe' })
  @ApiResponse({ status: 200, type: AccountDto })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  async closeAccount(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  /** A page of the account's entries, newest first; `limit`, `before`, `from` and `to` as at the ledger. */
  @Get('accounts/:name/entries')
  @Hop('support-adapter')
  @ApiParam(NAME)
  @ApiResponse({ status: 200, type: StatementDto })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  async listEntries(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  /** Balance of the account at a time (`at`), without holds. */
  @Get('accounts/:name/balance')
  @Hop('support-adapter')
  @ApiParam(NAME)
  @ApiResponse({ status: 200, type: BalanceDto })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  async readBalance(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }
}
