import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** Where a bank finds the money of an account. */
export class BankAccountDto {
  /** Who holds the bank account. @example "First DFSP Ltd" */
  @IsString()
  @IsNotEmpty()
  @MaxLength(140)
  holder: string;

  /** Either it or `other_id`. @example "DE89370400440532013000" */
  @IsOptional()
  @Matches(/^[A-Z]{2}[0-9]{2}[A-Za-z0-9]{1,30}$/, { message: 'iban must be an IBAN without spaces' })
  iban?: string;

  /** Number of the bank account where there is no IBAN, up to 34 characters. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(34)
  other_id?: string;

  /** BIC of the bank. @example "COBADEFFXXX" */
  @IsOptional()
  @Matches(/^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/, { message: 'bic must be a BIC' })
  bic?: string;
}
