import { IsOptional, IsString } from 'class-validator';

/** `GET /quote`; the connector checks it. */
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

  /** Seconds. */
  @IsOptional()
  @IsString()
  source_expiry_duration?: string;

  /** Seconds. */
  @IsOptional()
  @IsString()
  destination_expiry_duration?: string;
}
