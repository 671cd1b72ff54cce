import { IsAmount } from '@level-one/platform';
import { IsOptional, IsString } from 'class-validator';
import { IsText } from '../answer-checks.js';

/** Query of `GET /quote` (row 25); all texts, which the connector checks. */
export class ConnectorQuoteQueryDto {
  /** @example "levelone.dfsp1.alice" */
  @IsOptional()
  @IsString()
  source_address?: string;

  /** @example "levelone.dfsp2.bob" */
  @IsOptional()
  @IsString()
  destination_address?: string;

  /** Either this or destination_amount. */
  @IsOptional()
  @IsString()
  source_amount?: string;

  /** Either this or source_amount. @example "10.40" */
  @IsOptional()
  @IsString()
  destination_amount?: string;

  /** Digits of the amount that arrives, together with destination_scale. */
  @IsOptional()
  @IsString()
  destination_precision?: string;

  /** Decimals of the amount that arrives. */
  @IsOptional()
  @IsString()
  destination_scale?: string;

  /** Seconds. */
  @IsOptional()
  @IsString()
  source_expiry_duration?: string;

  /** Seconds. */
  @IsOptional()
  @IsString()
  destination_expiry_duration?: string;
}

/** A question that names both ends, as our own roles ask it. */
export type ConnectorQuoteQuery = Pick<ConnectorQuoteQueryDto, keyof ConnectorQuoteQueryDto> &
  Required<Pick<ConnectorQuoteQueryDto, 'source_address' | 'destination_address'>>;

/** A connector's offer (row 25). */
export class ConnectorQuoteDto {
  /** @example "levelone.dfsp1.dfsp1-testconnector" */
  @IsText()
  source_connector_account: string;
  /** @example "levelone.dfsp1." */
  source_ledger: string;
  /** @example "10.40" */
  @IsOptional()
  @IsAmount()
  source_amount: string;
  /** Seconds. @example "6" */
  source_expiry_duration: string;
  /** @example "levelone.dfsp2." */
  destination_ledger: string;
  /** @example "10.40" */
  @IsOptional()
  @IsAmount()
  destination_amount: string;
  /** Seconds. @example "5" */
  destination_expiry_duration: string;
  /** Of the payee's ledger, where the connector knows it. @example "USD" */
  destination_currency?: string;
  /** Decimals of one minor unit there. @example 2 */
  destination_scale?: number;
}
