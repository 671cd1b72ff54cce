import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  assertAdmin,
  type BankAccount,
  BankAccounts,
  Caller,
  Ledger,
  mayReadAccount,
  type Principal,
  SETTLEMENT_ACCOUNT,
} from '@level-one/ledger';
import { ErrorDto } from '@level-one/peers';
import { transferError, TransferErrorCode } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import { BankAccountDto } from './bank-account.dto.js';

const NAME = { name: 'name', description: 'Account of the ledger; `settlement` is the scheme', example: 'dfsp1' };

/** Bank accounts for payment files. */
@CallableBy('admin')
@Controller('settlement-accounts/:name')
@ApiTags('Settlements')
@ApiParam(NAME)
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
@ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
export class BankAccountsController {
  constructor(
    private readonly ledger: Ledger,
    private readonly bankAccounts: BankAccounts,
  ) {}

  /** The bank account of an account, for its owner and administrators. */
  @Get()
  @CallableBy('account')
  async readBankAccount(@Param('name') name: string, @Caller() caller: Principal): Promise<BankAccountDto> {
    if (!mayReadAccount(caller, name)) throw transferError(TransferErrorCode.Forbidden);
    const found = (await this.bankAccounts.findBankAccounts([name])).get(name);
    if (!found) throw transferError(TransferErrorCode.NotFound, { message: 'No bank account' });
    return bankAccountToJson(found);
  }

  /** Stores or replaces the bank account of an account, for administrators. */
  @Put()
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  async putBankAccount(
    @Param('name') name: string,
    @Body() { holder, iban, other_id: otherId, bic }: BankAccountDto,
    @Caller() caller: Principal,
  ): Promise<BankAccountDto> {
    assertAdmin(caller);
    if ((iban === undefined) === (otherId === undefined)) {
      const message = 'Either iban or other_id must be given';
      throw transferError(TransferErrorCode.UnprocessableEntity, { message });
    }
    if (name !== SETTLEMENT_ACCOUNT) await this.ledger.reads.readAccount(name);
    const stored = { account: name, holder, iban: iban ?? null, otherId: otherId ?? null, bic: bic ?? null };
    await this.bankAccounts.putBankAccount(stored);
    return bankAccountToJson(stored);
  }
}

function bankAccountToJson({ holder, iban, otherId, bic }: BankAccount): BankAccountDto {
  return {
    holder,
    ...(iban !== null && { iban }),
    ...(otherId !== null && { other_id: otherId }),
    ...(bic !== null && { bic }),
  };
}
