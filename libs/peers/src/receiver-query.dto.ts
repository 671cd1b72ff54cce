import { IsOptional, IsString, IsUrl, MaxLength } from 'class-validator';
import { HTTP_URL } from './directory.dto.js';

/** `GET /query` */
export class ReceiverUrlQueryDto {
  /** Receiver URL, or an invoice URL. @example "http://127.0.0.1:3203/v1/receivers/26547070" */
  @IsUrl(HTTP_URL, { message: 'receiver must be an http(s) URL' })
  @MaxLength(1_024)
  receiver: string;
}

/** `GET /quoteSourceAmount`; the SPSP client checks the amount. */
export class QuoteSourceAmountQueryDto extends ReceiverUrlQueryDto {
  /** @example "10.40" */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  sourceAmount: string = '';
}

/** `GET /quoteDestinationAmount`; the SPSP client checks the amount. */
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
