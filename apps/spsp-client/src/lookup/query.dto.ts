import { QuoteSourceAmountQueryDto } from '@level-one/peers';
import { IsOptional, IsString, Length, Matches, ValidateIf } from 'class-validator';

/** `GET /quoteSourceAmount`: to a receiver URL, or to an ILP address (contract 3.8). */
export class SentAmountQueryDto extends QuoteSourceAmountQueryDto {
  /** Receiver URL; or else destinationAddress. @example "http://127.0.0.1:3203/v1/receivers/26547070" */
  @ValidateIf(({ destinationAddress }: SentAmountQueryDto) => destinationAddress === undefined)
  override receiver: string;

  /** ILP address. */
  @IsOptional()
  @IsString()
  @Length(1, 1_023)
  destinationAddress?: string;

  /** Decimals of the destinationAmount that is answered; those of its ledger when absent. */
  @IsOptional()
  @Matches(/^[0-9]$/, { message: 'destinationScale must be a digit' })
  destinationScale?: string;

  /** Insists on a connector; with destinationAddress. */
  @IsOptional()
  @IsString()
  @Length(1, 1_024)
  connectorAccount?: string;
}
