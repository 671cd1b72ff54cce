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

/** Accounts as the first central ledgers opened them. */
@CallableBy('admin')
@Controller('accounts')
@ApiTags('Accounts')
export class NewAccountsController {
  constructor(
    private readonly administration: AccountAdministration,
    private readonly profile: LedgerProfile,
  ) {}

  /** Opens an account that must be new, for administrators. */
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
