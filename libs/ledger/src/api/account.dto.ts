import { ArrayUnique, IsArray, IsBoolean, IsEnum, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { AccountType, Right } from '../account.entity.js';

/** What an administrator says about an account; what is absent stays as it is. */
export class AccountRequestDto {
  /** Must be the name in the path. @example "erin" */
  @IsOptional()
  @IsString()
  name?: string;

  /** @example "a password of erin" */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(1_000)
  password?: string;

  /** What the account shall have available; the difference is booked against the `issuance` account. @example "100.00" */
  @IsOptional()
  balance?: string;

  /** How far the balance may go down, or `-infinity`. New accounts have 0. @example "0.00" */
  @IsOptional()
  minimum_allowed_balance?: string;

  /**
   * How far new transfers may bring the account below zero, counted from the last settlement, or `infinity`. New
   * accounts have no such cap. @example "50000.00"
   */
  @IsOptional()
  net_debit_cap?: string;

  /** A disabled account neither logs in nor takes part in new transfers. @example false */
  @IsOptional()
  @IsBoolean()
  is_disabled?: boolean;

  /** mw mobile wallet, s settlement, f fee, c commission, ac agent commission, con connector. @example "mw" */
  @IsOptional()
  @IsEnum(AccountType)
  accountType?: AccountType;

  /** Address of the connector that the account belongs to. */
  @IsOptional()
  @IsString()
  @MaxLength(1_023)
  connector?: string;

  /** What the owner may do beside using the account itself. @example [] */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsEnum(Right, { each: true })
  rights?: Right[];
}

/** What everybody may know of an account. */
export class PublicAccountDto {
  /** URI. @example "http://127.0.0.1:3108/ledger/accounts/alice" */
  id: string;

  /** @example "alice" */
  name: string;

  /** @example "http://127.0.0.1:3108/ledger" */
  ledger: string;
}

/** An account as its owner and administrators see it; others see id, name and ledger. */
export class AccountDto extends PublicAccountDto {
  /** Posted less held. @example "1000.00" */
  balance?: string;

  /** Set aside for prepared transfers. @example "0.00" */
  held?: string;

  /** `-infinity` when there is none. @example "0.00" */
  minimum_allowed_balance?: string;

  /** Absent when there is none. @example "50000.00" */
  net_debit_cap?: string;

  /** @example false */
  is_disabled?: boolean;

  /** When it was closed for good. */
  closed_at?: string;

  /** @example "mw" */
  accountType?: AccountType;

  /** Address of the connector that the account belongs to. */
  connector?: string;

  /** What the owner may do beside using the account itself. @example [] */
  rights?: Right[];
}
