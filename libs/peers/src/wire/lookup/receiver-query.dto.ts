import { HTTP_URL } from '@level-one/platform';
import { isIlpAddress } from '@level-one/ilp';
import { IsOptional, IsString, isURL, IsUrl, MaxLength, ValidateBy } from 'class-validator';

/** `GET /query` */
export class ReceiverUrlQueryDto {
  /** Receiver URL, or an invoice URL. @example "http://127.0.0.1:3203/v1/receivers/26547070" */
  @IsUrl(HTTP_URL, { message: 'receiver must be an http(s) URL' })
  @MaxLength(1_024)
  receiver: string;
}

/** A URL of a receiver or an invoice, or an ILP address. */
class QuotedReceiverDto {
  /** Receiver URL, invoice URL or ILP address. @example "http://127.0.0.1:3203/v1/receivers/26547070" */
  @IsReceiver()
  @MaxLength(1_024)
  receiver: string;
}

function IsReceiver(): PropertyDecorator {
  return ValidateBy({
    name: 'isReceiver',
    validator: {
      validate: (value: unknown) => isIlpAddress(value) || isURL(String(value), HTTP_URL),
      defaultMessage: () => 'receiver must be an http(s) URL or an ILP address',
    },
  });
}

/** `GET /quoteSourceAmount`; the SPSP client checks the amount. */
export class QuoteSourceAmountQueryDto extends QuotedReceiverDto {
  /** @example "10.40" */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  sourceAmount: string = '';
}

/** `GET /quoteDestinationAmount`; the SPSP client checks the amount. */
export class QuoteDestinationAmountQueryDto extends QuotedReceiverDto {
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
