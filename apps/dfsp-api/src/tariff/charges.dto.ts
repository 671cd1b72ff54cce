import { ApiSchema } from '@nestjs/swagger';
import { IsEnum, IsOptional, IsString, Length, Matches } from 'class-validator';
import { IsAmount } from '@level-one/platform';
import { QuoteSide, TransferType } from '@level-one/quote';
import { IsTimestamp } from '@level-one/peers';

/** Query of `GET /charges` */
export class ChargesQueryDto {
  /** @example "p2p" */
  @IsEnum(TransferType)
  transferType: TransferType;

  /** @example "25" */
  @IsAmount()
  amount: string;

  /** The ledger's currency when absent. @example "USD" */
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters' })
  currency?: string;

  /** debit: the payer is this DFSP's customer; credit: the payee is. @example "credit" */
  @IsEnum(QuoteSide)
  side: QuoteSide;

  /** Number of the payer. @example "92806391" */
  @IsOptional()
  @IsString()
  @Length(1, 32)
  payerIdentifier?: string;

  /** Number of the payee. @example "30754016" */
  @IsOptional()
  @IsString()
  @Length(1, 32)
  payeeIdentifier?: string;

  /** Moment whose rules are used; now when absent. */
  @IsOptional()
  @IsTimestamp()
  at?: string;
}

/** An amount, and the version of the rule it comes from; 0 without a rule. */
@ApiSchema({ name: 'ChargeDto' })
export class TariffChargeDto {
  /** @example "1" */
  amount: string;
  /** @example { "name": "seed pair fee", "version": 1 } */
  rule?: { name: string; version: number };
}

/** Fee and commission of a payment. */
export class ChargesDto {
  fee: TariffChargeDto;
  commission: TariffChargeDto;
}
