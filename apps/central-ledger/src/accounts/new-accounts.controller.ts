import { Body, Controller, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  AccountAdministration,
  accountToJson,
  assertAdmin,
  Caller,
  LedgerProfile,
  type Principal,
} from '@level-one/ledger';
import { AccountDto, ErrorDto } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { NewAccountDto } from './new-account.dto.js';

/** Opens accounts by `POST /accounts`, the route of older central ledgers. */
@CallableBy('admin')
@Controller('accounts')
@ApiTags('Accounts')
export class NewAccountsController {
  constructor(
    private readonly administration: AccountAdministration,
    private readonly profile: LedgerProfile,
  ) {}

  /** Opens a new account, for administrators; refused if the name is in use. */
  @Post()
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'RecordExistsError' })
  async openAccount(@Body() { name, password }: NewAccountDto, @Caller() caller: Principal): Promise<AccountDto> {
    assertAdmin(caller);
    const { account } = await this.administration.putAccount(name, { password }, { onlyNew: true });
    return accountToJson(account, this.profile);
  }
}
