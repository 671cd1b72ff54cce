import { ArrayUnique, IsArray, IsBoolean, IsEnum, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { AccountType, Right } from '@level-one/transfer';
import { IsBalance, IsText, IsTextOrEmpty } from '../answer-checks.js';

/** What an administrator says about an account; what is absent stays as it is. */
export class AccountRequestDto {
  /** Must be the name in the path; may be left out where `id` is given. @example "zoe" */
  @IsOptional()
  @IsString()
  name?: string;

  /** URI of the account, which must be the one in the path. */
  @IsOptional()
  @IsString()
  id?: string;

  /** @example "a password of zoe" */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(1_000)
  password?: string;

  /**
   * What a new account has, booked against the `issuance` account. Once anything was booked on it, only its balance as
   * it is; money moves by `POST /accounts/{name}/funds`. @example "100.00"
   */
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

  /**
   * Who owns the account, and what may debit and credit it: mw customer, merchant or agent; con connector; f fees; c
   * commission; ac commission of agents; s scheme; dfsp a DFSP, on the central ledger; role a login with rights. It
   * stays once anything was booked or held. New accounts with rights are a role's, others a customer's. @example "mw"
   */
  @IsOptional()
  @IsEnum(AccountType)
  accountType?: AccountType;

  /**
   * Whether a customer prepares and fulfils transfers at the ledger himself; without it, only the DFSP's roles do. New
   * accounts have it when nothing is said about their kind either. @example false
   */
  @IsOptional()
  @IsBoolean()
  direct_use?: boolean;

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
  @IsOptional()
  @IsText()
  name: string;

  /** @example "http://127.0.0.1:3108/ledger" */
  ledger: string;
}

/** An account as its owner and administrators see it; others see id, name and ledger. */
export class AccountDto extends PublicAccountDto {
  /** Posted less held. @example "1000.00" */
  @IsOptional()
  @IsBalance()
  balance?: string;

  /** Set aside for prepared transfers. @example "0.00" */
  held?: string;

  /** `-infinity` when there is none. @example "0.00" */
  minimum_allowed_balance?: string;

  /** Absent when there is none. @example "50000.00" */
  net_debit_cap?: string;

  /** @example false */
  @IsOptional()
  @IsBoolean()
  is_disabled?: boolean;

  /** When it was closed for good. */
  closed_at?: string;

  /** @example "mw" */
  @IsOptional()
  @IsTextOrEmpty(64)
  accountType?: AccountType;

  /** Whether its owner prepares and fulfils transfers at the ledger himself. @example false */
  direct_use?: boolean;

  /** Address of the connector that the account belongs to. */
  connector?: string;

  /** What the owner may do beside using the account itself. @example [] */
  rights?: Right[];
}
