import { NAME_PART_LENGTH_MAX, PERSON_NAME_LENGTH_MAX } from '@level-one/peers';
import { HTTP_URL } from '@level-one/platform';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEnum,
  IsDateString,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { CustomerAccountType } from './customer.entity.js';

const ACCOUNTS_MAX = 20;

/** One account of a customer. */
export class CustomerAccountDto {
  /** Name of the account on the DFSP's ledger. @example "erin" */
  @Matches(/^[A-Za-z0-9_~.-]{1,128}$/, { message: 'name must be the name of a ledger account' })
  name: string;

  /** @example "mWallet" */
  @IsEnum(CustomerAccountType)
  type: CustomerAccountType;

  /** Primary account. Defaults to the first. @example true */
  @IsOptional()
  @IsBoolean()
  isPrimary?: boolean;
}

/** Body of `PUT /customers/{identifier}`: the whole customer. */
export class PutCustomerDto {
  /** @example "Erin" */
  @IsString()
  @Length(1, NAME_PART_LENGTH_MAX)
  firstName: string;

  /** @example "Evans" */
  @IsString()
  @Length(1, NAME_PART_LENGTH_MAX)
  lastName: string;

  /** Name for other DFSPs; first and last name when absent. @example "Erin Evans" */
  @IsOptional()
  @IsString()
  @Length(1, PERSON_NAME_LENGTH_MAX)
  name?: string;

  /** @example "https://images.example/erin.png" */
  @IsUrl(HTTP_URL)
  @MaxLength(1024)
  imageUrl: string;

  /** @example "N-123456" */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  nationalId?: string;

  /** Date of birth. @example "1990-05-17" */
  @IsOptional()
  @IsDateString({ strict: true })
  @Matches(/^\d{4}-\d\d-\d\d$/, { message: 'dob must be a date: YYYY-MM-DD' })
  dob?: string;

  /** Whether the customer may issue invoices. @example false */
  @IsOptional()
  @IsBoolean()
  isMerchant?: boolean;

  @IsArray()
  @ArrayMaxSize(ACCOUNTS_MAX)
  @ValidateNested({ each: true })
  @Type(() => CustomerAccountDto)
  accounts: CustomerAccountDto[];
}

/** A customer of this DFSP. */
export class CustomerDto {
  /** @example "78956562" */
  identifier: string;
  /** @example "Alice" */
  firstName: string;
  /** @example "Ames" */
  lastName: string;
  /** @example "Alice Ames" */
  name: string;
  /** @example "https://images.example/alice.png" */
  imageUrl: string;
  /** @example "N-123456" */
  nationalId?: string;
  /** @example "1990-05-17" */
  dob?: string;
  /** @example false */
  isMerchant: boolean;
  accounts: CustomerAccountDto[];
}

/** A merchant as the channel sees them. */
export class MerchantDto {
  /** @example "26547070" */
  identifier: string;
  /** @example "Bob" */
  firstName: string;
  /** @example "Diaz" */
  lastName: string;
  /** @example "Bob Diaz" */
  name: string;
  /** @example "https://images.example/bob.png" */
  imageUrl: string;
}
