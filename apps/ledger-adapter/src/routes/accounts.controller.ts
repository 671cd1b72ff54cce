import { Controller, Delete, Get, Post, Put, Req, Res } from '@nestjs/common';
import {
  ApiCloseAccount,
  ApiError,
  ApiListAccounts,
  ApiListEntries,
  ApiMoveFunds,
  ApiPutAccount,
  ApiReadAccount,
  ApiReadBalance,
  Hop,
} from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADAPTER_BASE_PATHS } from '../relay/adapter-path.js';
import { LedgerRelay } from '../relay/ledger-relay.js';

function isPage({ query }: FastifyRequest): boolean {
  return Object.keys(query as object).length > 0;
}

/** Accounts of the ledger (contract 3.1). */
@CallableBy('account')
@Controller(ADAPTER_BASE_PATHS)
@ApiError(502, 'ExternalError')
export class LedgerAdapterAccountsController {
  constructor(private readonly ledger: LedgerRelay) {}

  @Get('accounts')
  @CallableBy('admin')
  @Hop('support-adapter')
  @ApiListAccounts()
  async listAccounts(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (isPage(request)) await this.ledger.relay(request, reply);
    else await this.ledger.relayList(request, reply, ({ name }) => String(name));
  }

  @Get('accounts/:name')
  @CallableBy('account', 'anyone')
  @Hop('support-adapter')
  @ApiReadAccount()
  async readAccount(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Put('accounts/:name')
  @CallableBy('admin')
  @Hop('support-adapter')
  @ApiPutAccount()
  async putAccount(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Post('accounts/:name/funds')
  @Hop('support-adapter')
  @ApiMoveFunds()
  async moveFunds(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Delete('accounts/:name')
  @CallableBy('admin')
  @Hop('support-adapter')
  @ApiCloseAccount()
  async closeAccount(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Get('accounts/:name/entries')
  @Hop('support-adapter')
  @ApiListEntries()
  async listEntries(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Get('accounts/:name/balance')
  @Hop('support-adapter')
  @ApiReadBalance()
  async readBalance(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }
}
