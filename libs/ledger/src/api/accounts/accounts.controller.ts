import { Body, Controller, Delete, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  AccountDto,
  AccountRequestDto,
  AccountsQueryDto,
  ApiCloseAccount,
  ApiListAccounts,
  ApiMoveFunds,
  ApiPutAccount,
  ApiReadAccount,
  FundsRequestDto,
} from '@level-one/peers';
import { transferError, TransferErrorCode } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply } from 'fastify';
import { Ledger } from '../../engine/ledger.js';
import { mayDeliver, mayReadAccount, type Principal } from '../../rules/principal.js';
import { accountKindToJson, accountToJson, publicAccountToJson } from './account-json.js';
import { AccountAdministration } from './account-administration.js';
import { assertAdmin, Caller, OptionalCaller } from '../../access/caller.js';
import { LedgerProfile } from '../ledger-profile.js';

/** Accounts of one ledger (contract 3.1). */
@CallableBy('admin')
@Controller('accounts')
@ApiTags('Accounts')
export class LedgerAccountsController {
  constructor(
    private readonly ledger: Ledger,
    private readonly administration: AccountAdministration,
    private readonly profile: LedgerProfile,
  ) {}

  @Get()
  @ApiListAccounts()
  async listAccounts(@Query() { limit, after }: AccountsQueryDto, @Caller() caller: Principal): Promise<AccountDto[]> {
    assertAdmin(caller);
    const accounts = await this.ledger.reads.listAccounts({ limit: limit === undefined ? null : Number(limit), after });
    return accounts.map((account) => accountToJson(account, this.profile));
  }

  @Get(':name')
  @CallableBy('account', 'anyone')
  @ApiReadAccount()
  async readAccount(@Param('name') name: string, @OptionalCaller() caller: Principal | undefined): Promise<AccountDto> {
    const account = await this.ledger.reads.readAccount(name);
    if (caller && mayReadAccount(caller, account.name)) return accountToJson(account, this.profile);
    if (caller && mayDeliver(caller)) return accountKindToJson(account, this.profile);
    return publicAccountToJson(account, this.profile);
  }

  @Put(':name')
  @ApiPutAccount()
  async putAccount(
    @Param('name') name: string,
    @Body() body: AccountRequestDto,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccountDto> {
    assertAdmin(caller);
    this.assertNames(name, body);
    const { account, created } = await this.administration.putAccount(name, body);
    void reply.status(created ? 201 : 200);
    return accountToJson(account, this.profile);
  }

  @Post(':name/funds')
  @ApiMoveFunds()
  async moveFunds(
    @Param('name') name: string,
    @Body() body: FundsRequestDto,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccountDto> {
    assertAdmin(caller);
    const { account, created } = await this.administration.moveFunds(name, body);
    void reply.status(created ? 201 : 200);
    return accountToJson(account, this.profile);
  }

  @Delete(':name')
  @ApiCloseAccount()
  async closeAccount(@Param('name') name: string, @Caller() caller: Principal): Promise<AccountDto> {
    assertAdmin(caller);
    return accountToJson(await this.administration.closeAccount(name), this.profile);
  }

  private assertNames(path: string, { name, id }: AccountRequestDto): void {
    const isNamed = typeof name === 'string' || typeof id === 'string';
    const isId = typeof id !== 'string' || this.profile.uris.accountName(id) === path;
    if (isNamed && isId && (typeof name !== 'string' || name === path)) return;
    throw transferError(TransferErrorCode.InvalidBody, {
      message: 'name or id must be that of the account in the path',
    });
  }
}
