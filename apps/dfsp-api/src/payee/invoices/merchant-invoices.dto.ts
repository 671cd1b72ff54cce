import {
  IsDefined,
  IsEnum,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { CHANNEL_STATUS, InvoiceStatus, InvoiceType, isAddressed } from '@level-one/invoice';
import { IsTimestamp, PERSON_NAME_LENGTH_MAX } from '@level-one/peers';
import { HTTP_URL, IsAmount, UUID } from '@level-one/platform';

const URL_LENGTH_MAX = 1_024;
const TEXT_LENGTH_MAX = 1_024;

/**
 * An invoice that a merchant issues (row 8). The message about a missing field is the id that the contract lists for
 * it.
 */
export class MerchantInvoiceDto {
  /**
   * Chosen by the channel, so that a repeated request is the same invoice; random when absent. Choose it at random: the
   * id is enough to read the invoice.
   * @example "5b1d8c3e-2f64-4b8a-9c0d-7e5a1f3b6d92"
   */
  @IsOptional()
  @Matches(UUID, { message: 'invoiceId must be a UUID' })
  invoiceId?: string;

  /** The merchant's account: name, URI or label. @example "bob" */
  @IsString({ message: 'AccountMissingError' })
  @Length(1, URL_LENGTH_MAX, { message: 'AccountMissingError' })
  account: string;

  /** @example "10.40" */
  @IsDefined({ message: 'AmountMissingError' })
  @IsAmount()
  amount: string;

  /** Number of the client; standard and cashOut invoices need it. @example "78956562" */
  @ValidateIf((body: MerchantInvoiceDto) => body.needsIdentifier() || body.identifier !== undefined)
  @IsString({ message: 'IdentifierMissingError' })
  @Length(1, 32, { message: 'identifier must have 1 to 32 characters' })
  identifier?: string;

  /** Alias of identifier. @example "78956562" */
  @IsOptional()
  @IsString()
  @Length(1, 32)
  userNumber?: string;

  /** @example "26547070" */
  @IsString({ message: 'MerchantIdentifierMissingError' })
  @Length(1, 32, { message: 'merchantIdentifier must have 1 to 32 characters' })
  merchantIdentifier: string;

  /** @example "standard" */
  @IsOptional()
  @IsEnum(InvoiceType)
  invoiceType?: InvoiceType;

  /** Alias of invoiceType. @example "standard" */
  @IsOptional()
  @IsEnum(InvoiceType)
  type?: InvoiceType;

  /** Name of the issuer; the merchant's when absent. @example "Bob Diaz" */
  @IsOptional()
  @IsString()
  @Length(1, PERSON_NAME_LENGTH_MAX)
  name?: string;

  /** Must be the currency of the account. @example "USD" */
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'currencyCode must be three capital letters' })
  currencyCode?: string;

  /** Must be the symbol of the account's currency. @example "$" */
  @IsOptional()
  @IsString()
  @MaxLength(8)
  currencySymbol?: string;

  /** Base URL of the client's SPSP server; looked up in the directory when absent. @example "http://127.0.0.1:3103/v1" */
  @IsOptional()
  @IsUrl(HTTP_URL)
  @MaxLength(URL_LENGTH_MAX)
  spspServer?: string;

  /** Purpose, as the client sees it. @example "Lunch" */
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  info?: string;

  /** Alias of info. @example "Lunch" */
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  invoiceInfo?: string;

  /** The invoice cannot be paid after this; without it, it does not expire. @example "2030-01-01T00:00:00.000Z" */
  @IsOptional()
  @IsTimestamp()
  expiresAt?: string;

  givenType(): InvoiceType {
    return this.invoiceType ?? this.type ?? InvoiceType.Standard;
  }

  clientIdentifier(): string | undefined {
    return this.identifier ?? this.userNumber;
  }

  needsIdentifier(): boolean {
    return isAddressed(this.givenType()) && this.userNumber === undefined;
  }
}

/** An issued invoice, as the merchant's channel sees it. */
export class MerchantInvoiceResultDto {
  /** @example "5b1d8c3e-2f64-4b8a-9c0d-7e5a1f3b6d92" */
  invoiceId: string;
  /** @example "bob" */
  account: string;
  /** First name of the merchant. @example "Bob" */
  firstName: string;
  /** Last name of the merchant. @example "Diaz" */
  lastName: string;
  /** @example "USD" */
  currencyCode: string;
  /** @example "$" */
  currencySymbol: string;
  /** @example "10.40" */
  amount: string;
  /** @example "pending" */
  status: (typeof CHANNEL_STATUS)[InvoiceStatus];
  /** Number of the client, if the invoice names one. @example "78956562" */
  identifier?: string;
  /** @example "26547070" */
  merchantIdentifier: string;
  /** @example "standard" */
  invoiceType: InvoiceType;
  /** @example "Invoice from Bob Diaz for 10.40 USD" */
  info: string;
  /** @example "2030-01-01T00:00:00.000Z" */
  expiresAt?: string;
}
