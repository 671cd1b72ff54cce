import { HTTP_URL } from '@level-one/peers';
import { IsOptional, IsString, IsUrl, MaxLength } from 'class-validator';

/** `GET /query` */
export class ReceiverUrlQueryDto {
  /** Receiver URL, or an invoice URL. @example "http://127.0.0.1:3203/v1/receivers/26547070" */
  @IsUrl(HTTP_URL, { message: 'receiver must be an http(s) URL' })
  @MaxLength(1_024)
  receiver: string;
}

/** `GET /quoteSourceAmount` */
export class QuoteSourceAmountQueryDto extends ReceiverUrlQueryDto {
  /** @example "10.40" */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  sourceAmount: string = '';
}

/** `GET /quoteDestinationAmount` */
export class QuoteDestinationAmountQueryDto extends ReceiverUrlQueryDto {
  /** @example "10.40" */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  destinationAmount: string = '';
}

/** What arrives. */
export class DestinationAmountDto {
  /** @example "10.40" */
  destinationAmount: string;
}

/** What has to be sent. */
export class SourceAmountDto {
  /** @example "10.40" */
  sourceAmount: string;
}

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
