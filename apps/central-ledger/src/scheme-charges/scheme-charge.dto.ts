import { IsBoolean, IsEnum, IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { ChargeParty, RateType } from '@level-one/ledger';

const CODE = /^[A-Za-z0-9]{3}$/;
const CODE_MESSAGE = { message: 'code must be three letters or digits' };

/** A charge on every transfer whose amount is within its bounds. */
export class SchemeChargeRequestDto {
  /** Unique. @example "interchange" */
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  name: string;

  /** @example "fee" */
  @IsOptional()
  @IsIn(['fee'])
  charge_type: string = 'fee';

  /** @example "percent" */
  @IsEnum(RateType)
  rate_type: RateType;

  /** The amount where it is flat; 0.05 is 5 % where it is a percentage. @example "0.0025" */
  @IsNotEmpty()
  rate: string;

  /** Smallest amount it is charged for. @example "0.00" */
  @IsOptional()
  minimum: string = '0';

  /** Largest amount; without bound if it is absent. @example "10000.00" */
  @IsOptional()
  maximum?: string;

  /** @example "001" */
  @Matches(CODE, CODE_MESSAGE)
  code: string;

  /** @example false */
  @IsOptional()
  @IsBoolean()
  is_active: boolean = true;

  /** @example "sender" */
  @IsEnum(ChargeParty)
  payer: ChargeParty;

  /** Not the payer itself; `ledger` is the account `fees`. @example "ledger" */
  @IsEnum(ChargeParty)
  payee: ChargeParty;
}

/** The changeable members of a charge. For another rate or other parties, add a new charge. */
export class SchemeChargeChangeDto {
  /** Must be the name in the path. @example "interchange" */
  @IsOptional()
  @IsString()
  name?: string;

  /** @example "0.00" */
  @IsOptional()
  minimum?: string;

  /** Null takes the bound away. @example "20000.00" */
  @IsOptional()
  maximum?: string | null;

  /** @example "001" */
  @IsOptional()
  @Matches(CODE, CODE_MESSAGE)
  code?: string;

  /** @example false */
  @IsOptional()
  @IsBoolean()
  is_active?: boolean;
}

/** A charge of the scheme. */
export class SchemeChargeDto {
  /** @example "interchange" */
  name: string;

  /** @example "fee" */
  charge_type: string;
  rate_type: RateType;

  /** @example "0.0025" */
  rate: string;

  /** @example "0.00" */
  minimum: string;

  /** Null is without bound. @example "10000.00" */
  maximum: string | null;

  /** @example "001" */
  code: string;

  /** @example true */
  is_active: boolean;

  /** @example "2026-11-21T04:00:00.000Z" */
  created: string;
  payer: ChargeParty;
  payee: ChargeParty;
}

/** The amount of a transfer that is not made yet. */
export class ChargeQuoteRequestDto {
  /** @example "100.00" */
  @IsNotEmpty()
  amount: string;
}

/** A charge that the sender of the transfer would pay. */
export class ChargeQuoteDto {
  /** @example "interchange" */
  name: string;

  /** @example "fee" */
  charge_type: string;

  /** @example "001" */
  code: string;

  /** @example "0.25" */
  amount: string;

  /** @example "USD" */
  currency_code: string;

  /** @example "$" */
  currency_symbol: string;
}
