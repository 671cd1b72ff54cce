import { Body, Controller, Delete, Get, Param, Post, Put, Res } from '@nestjs/common';
import { ApiBody, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto } from '@level-one/peers';
import { AccountType, Right, transferError, TransferErrorCode } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply } from 'fastify';
import { Ledger } from '../../engine/ledger.js';
import { hasRight, mayReadAccount, type Principal } from '../../rules/principal.js';
import { accountKindToJson, accountToJson, publicAccountToJson } from './account-json.js';
import { AccountAdministration } from './account-administration.js';
import { AccountDto, AccountRequestDto, NEW_ACCOUNT_EXAMPLE } from './account.dto.js';
import { assertAdmin, Caller, OptionalCaller } from '../../access/caller.js';
import { FundsRequestDto } from './funds.dto.js';
import { LedgerProfile } from '../ledger-profile.js';

const NAME = { name: 'name', description: 'Name of the account', example: 'admin' };

/** Accounts of one ledger (contract 3.1). */
@CallableBy('admin')
@Controller('accounts')
@ApiTags('Accounts')
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
export class LedgerAccountsController {
  constructor(
    private readonly ledger: Ledger,
    private readonly administration: AccountAdministration,
    private readonly profile: LedgerProfile,
  ) {}

  /** Every account, for administrators. */
  @Get()
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  async listAccounts(@Caller() caller: Principal): Promise<AccountDto[]> {
    assertAdmin(caller);
    return (await this.ledger.listAccounts()).map((account) => accountToJson(account, this.profile));
  }

  /** One account; its funds only for its owner and administrators. Needs no credentials. */
  @Get(':name')
  @CallableBy('account', 'anyone')
  @ApiParam(NAME)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async readAccount(@Param('name') name: string, @OptionalCaller() caller: Principal | undefined): Promise<AccountDto> {
    const account = await this.ledger.readAccount(name);
    if (caller && mayReadAccount(caller, account.name)) return accountToJson(account, this.profile);
    if (caller && (await this.mayDeliver(caller))) return accountKindToJson(account, this.profile);
    return publicAccountToJson(account, this.profile);
  }

  /** Connectors, and who executes what they bring, have to know which accounts are customers'. */
  private async mayDeliver(caller: Principal): Promise<boolean> {
    if (hasRight(caller, Right.Fulfil)) return true;
    return (await this.ledger.readAccount(caller.name)).accountType === AccountType.Connector;
  }

  /** Opens an account or changes one, for administrators. */
  @Put(':name')
  @ApiParam({ ...NAME, example: 'zoe' })
  @ApiBody({ type: AccountRequestDto, examples: NEW_ACCOUNT_EXAMPLE })
  @ApiResponse({ status: 201, type: AccountDto, description: 'The account is new' })
  @ApiResponse({ status: 200, type: AccountDto, description: 'The account was changed' })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError, InvalidBodyError' })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
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

  /**
   * Books money that came to the ledger from outside, or left it, for administrators. The amount is booked against the
   * `issuance` account, once for each id; the same again is answered 200.
   */
  @Post(':name/funds')
  @ApiParam({ ...NAME, example: 'zoe' })
  @ApiResponse({ status: 201, type: AccountDto, description: 'It is booked' })
  @ApiResponse({ status: 200, type: AccountDto, description: 'It was booked before' })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidModificationError' })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError, InsufficientFundsError' })
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

  /**
   * Closes an account for good, for administrators: its name stays taken, its statement readable. Only an empty
   * account that no open transfer names can be closed; use `is_disabled` to stop one for a while.
   */
  @Delete(':name')
  @ApiParam({ ...NAME, example: 'zoe' })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
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
