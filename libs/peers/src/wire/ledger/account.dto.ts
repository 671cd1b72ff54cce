import { PageLimit } from '@level-one/platform';
import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEnum,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { AccountType, Right } from '@level-one/transfer';
import { PUBLIC_KEY } from '../../signing/signing-key.js';
import { IsBalance, IsText, IsTextOrEmpty } from '../answer-checks.js';

/** Of several ledgers behind an account, while each changes its key. */
const LEDGER_KEYS_MAX = 4;

/** Query of `GET /accounts`. */
export class AccountsQueryDto {
  /** Maximum of accounts in the answer, 1 to 1000. Without it the answer has all accounts. @example "200" */
  @PageLimit(1000)
  limit?: string;

  /** Only accounts whose name is after this one: the last name of the page before. */
  @IsOptional()
  @IsString({ message: 'after must be given once' })
  @Length(1, 256, { message: 'after must be the name of an account' })
  after?: string;
}

/** Change of an account by an administrator. Absent members stay unchanged. */
export class AccountRequestDto {
  /** Must be the name in the path; may be absent if `id` is given. @example "zoe" */
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
   * Opening balance, booked against the `issuance` account. Once the account has entries, only its present balance is
   * accepted; money moves by `POST /accounts/{name}/funds`. @example "100.00"
   */
  @IsOptional()
  balance?: string;

  /** Lowest balance, or `-infinity`. Default for new accounts: 0. @example "0.00" */
  @IsOptional()
  minimum_allowed_balance?: string;

  /**
   * How far new transfers may bring the account below zero, counted from the last settlement, or `infinity`. Default
   * for new accounts: `infinity`. @example "50000.00"
   */
  @IsOptional()
  net_debit_cap?: string;

  /** A disabled account neither logs in nor takes part in new transfers. @example false */
  @IsOptional()
  @IsBoolean()
  is_disabled?: boolean;

  /**
   * Kind of account, which decides who owns it and what may debit and credit it: mw customer, merchant or agent; con
   * connector; f fees; c commission; ac commission of agents; s scheme; dfsp a DFSP, on the central ledger; role a
   * login with rights. It cannot be changed once there are entries or holds. Default for new accounts: role if there
   * are rights, else customer. @example "mw"
   */
  @IsOptional()
  @IsEnum(AccountType)
  accountType?: AccountType;

  /**
   * Whether the customer prepares and fulfils transfers at the ledger directly; if not, only the DFSP's roles do.
   * Default for new accounts: true if `accountType` is absent too. @example false
   */
  @IsOptional()
  @IsBoolean()
  direct_use?: boolean;

  /**
   * How long transfers that credit the account stay open to its owner after their expiry: seconds from 0, not at all,
   * to 86400; or `default`, as long as LATE_GRACE_S of the ledger says. Only for kinds con and dfsp.
   */
  @IsOptional()
  @ApiProperty({ oneOf: [{ type: 'integer', minimum: 0, maximum: 86_400 }, { enum: ['default'] }], example: 600 })
  grace_s?: number | 'default';

  /**
   * Public keys (`GET /signing-key`) of the ledgers behind the account, whose statements prove its late claims; those of
   * CLAIM_LEDGER_KEYS are valid besides. Several while a ledger changes its key. Only for kinds con and dfsp. @example []
   */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LEDGER_KEYS_MAX)
  @ArrayUnique()
  @Matches(PUBLIC_KEY, { each: true, message: 'claim_ledger_keys must be keys of 32 bytes, base64url' })
  claim_ledger_keys?: string[];

  /** Address of the connector that the account belongs to. */
  @IsOptional()
  @IsString()
  @MaxLength(1_023)
  connector?: string;

  /** Rights of the owner beyond its own account. @example [] */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsEnum(Right, { each: true })
  rights?: Right[];
}

/** Public part of an account. */
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

/** An account for its owner and administrators; others get id, name and ledger. */
export class AccountDto extends PublicAccountDto {
  /** Balance less holds. @example "1000.00" */
  @IsOptional()
  @IsBalance()
  balance?: string;

  /** Held for prepared transfers. @example "0.00" */
  held?: string;

  /** `-infinity`: no floor. @example "0.00" */
  minimum_allowed_balance?: string;

  /** Absent: no cap. @example "50000.00" */
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

  /** Whether its owner prepares and fulfils transfers at the ledger directly. @example false */
  direct_use?: boolean;

  /** How long transfers that credit it stay open after their expiry, in s. Absent: the ledger's setting. @example 600 */
  grace_s?: number;

  /** Public keys of the ledgers behind the account, whose statements prove its late claims. Absent: none. @example [] */
  claim_ledger_keys?: string[];

  /** Address of the connector that the account belongs to. */
  connector?: string;

  /** Rights of the owner beyond its own account. @example [] */
  rights?: Right[];
}
