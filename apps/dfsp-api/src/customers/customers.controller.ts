import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto } from '@level-one/peers';
import { CallableBy, commonError, CommonErrorId } from '@level-one/platform';
import { CustomerAccount, type CustomerWithAccounts } from './customer.entity.js';
import { CustomerDto, MerchantDto, PutCustomerDto } from './customers.dto.js';
import { CustomersService } from './customers.service.js';

const NUMBER = /^\+?[0-9]{1,15}$/;

/** People and merchants of this DFSP, and their accounts. */
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(['v1', ''])
export class CustomersController {
  constructor(private readonly customers: CustomersService) {}

  /** Creates or replaces a customer of this DFSP. Does not register the number in the directory. */
  @Put('customers/:identifier')
  @CallableBy('channel')
  @ApiTags('Customers and their accounts')
  @ApiParam({ name: 'identifier', description: 'the number, 1 to 15 digits', example: '78956564' })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'AlreadyExistsError, UnprocessableEntityError' })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  async putCustomer(@Param('identifier') identifier: string, @Body() body: PutCustomerDto): Promise<CustomerDto> {
    if (!NUMBER.test(identifier)) {
      throw commonError(CommonErrorId.InvalidUriParameter, { message: 'identifier must be 1 to 15 digits' });
    }
    const customer = customerOf(identifier, body);
    await this.customers.replaceCustomer(customer);
    return customerDto(customer);
  }

  /** A customer with their accounts. */
  @Get('customers/:identifier')
  @CallableBy('channel')
  @ApiTags('Customers and their accounts')
  @ApiParam({ name: 'identifier', example: '78956562' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'UserNotFound' })
  async readCustomer(@Param('identifier') identifier: string): Promise<CustomerDto> {
    return customerDto(await this.customers.getCustomer(identifier));
  }

  /** A merchant of this DFSP. */
  @Get('merchant/:identifier')
  @CallableBy('channel')
  @ApiTags('Customers and their accounts')
  @ApiParam({ name: 'identifier', example: '26547070' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'MerchantNotFound' })
  async readMerchant(@Param('identifier') identifier: string): Promise<MerchantDto> {
    const { firstName, lastName, name, imageUrl } = await this.customers.getMerchant(identifier);
    return { identifier, firstName, lastName, name, imageUrl };
  }
}

function customerOf(identifier: string, body: PutCustomerDto): CustomerWithAccounts {
  return {
    identifier,
    firstName: body.firstName,
    lastName: body.lastName,
    name: body.name ?? `${body.firstName} ${body.lastName}`,
    imageUrl: body.imageUrl,
    nationalId: body.nationalId ?? null,
    dob: body.dob ?? null,
    isMerchant: body.isMerchant ?? false,
    accounts: accountsOf(identifier, body),
  };
}

function accountsOf(identifier: string, { accounts }: PutCustomerDto): CustomerAccount[] {
  const names = new Set(accounts.map((account) => account.name));
  const primaries = accounts.filter((account) => account.isPrimary);
  if (names.size < accounts.length || primaries.length > 1) {
    throw commonError(CommonErrorId.UnprocessableEntity, {
      message: 'accounts must have different names, and exactly one primary account',
    });
  }
  const primary = primaries[0] ?? accounts[0];
  return accounts.map((account) => ({
    name: account.name,
    identifier,
    type: account.type,
    isPrimary: account === primary,
    isChecked: false,
  }));
}

function customerDto({ accounts, nationalId, dob, ...customer }: CustomerWithAccounts): CustomerDto {
  return {
    ...customer,
    ...(nationalId === null ? {} : { nationalId }),
    ...(dob === null ? {} : { dob }),
    accounts: accounts.map(({ name, type, isPrimary }) => ({ name, type, isPrimary })),
  };
}
