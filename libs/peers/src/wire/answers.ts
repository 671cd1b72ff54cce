import { HTTP_URL, IsAmount } from '@level-one/platform';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { InvoiceTypeName, InvoiceWireStatus } from './invoices/invoice.dto.js';

const TEXT_LENGTH_MAX = 1_024;
const MEMO_LENGTH_MAX = 8_192;
const PARTS_MAX = 100;

/** Hop I.E and its like: who would receive a payment. */
export class ReceiverAnswer {
  @IsString()
  @Length(1, TEXT_LENGTH_MAX)
  name: string;

  @IsString()
  @Length(1, TEXT_LENGTH_MAX)
  account: string;

  @IsOptional()
  @Matches(/^[A-Z]{3}$/)
  currencyCode?: string;

  @IsOptional()
  @IsString()
  @MaxLength(16)
  currencySymbol?: string;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(18)
  currencyScale?: number;

  @IsOptional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  imageUrl?: string;

  @IsOptional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  firstName?: string;

  @IsOptional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  lastName?: string;
}

/** Row 15 and its like: an invoice of another DFSP. */
export class InvoiceAnswer {
  @IsString()
  @Length(1, 64)
  invoiceId: string;

  @IsString()
  @Length(1, TEXT_LENGTH_MAX)
  account: string;

  @IsOptional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  name?: string;

  @Matches(/^[A-Z]{3}$/)
  currencyCode: string;

  @IsOptional()
  @IsString()
  @MaxLength(16)
  currencySymbol?: string;

  @IsAmount({ allowZero: true })
  amount: string;

  @IsOptional()
  @IsAmount({ allowZero: true })
  fee?: string;

  @IsIn(['unpaid', 'paid', 'rejected', 'cancelled', 'expired'] satisfies InvoiceWireStatus[])
  status: InvoiceWireStatus;

  @IsOptional()
  @IsIn(['standard', 'pending', 'product', 'cashOut'] satisfies InvoiceTypeName[])
  invoiceType?: InvoiceTypeName;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  merchantIdentifier?: string;

  @IsOptional()
  @IsString()
  @MaxLength(MEMO_LENGTH_MAX)
  invoiceInfo?: string;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  identifier?: string;

  @IsOptional()
  @IsISO8601({ strict: true })
  expiresAt?: string;
}

/** Hop I.A: one DFSP that holds a number. */
export class DirectoryEntryAnswer {
  @IsString()
  @Length(1, TEXT_LENGTH_MAX)
  name: string;

  @IsUrl(HTTP_URL)
  @MaxLength(TEXT_LENGTH_MAX)
  providerUrl: string;

  @IsString()
  @Length(1, 64)
  shortName: string;

  @IsOptional()
  @IsBoolean()
  primary?: boolean;

  @IsOptional()
  @IsBoolean()
  registered?: boolean;
}

/** What a DFSP registered about itself. */
export class OriginsAnswer {
  @IsString()
  @Length(1, 64)
  shortName: string;

  @IsUrl(HTTP_URL)
  @MaxLength(TEXT_LENGTH_MAX)
  providerUrl: string;

  @IsOptional()
  @IsUrl(HTTP_URL)
  @MaxLength(TEXT_LENGTH_MAX)
  schemeAdapterUrl?: string;
}

/** Hop I.B: one row of the registry. */
export class RegistryEntryAnswer {
  @IsString()
  @Length(1, 64)
  number: string;

  @IsString()
  @Length(1, 64)
  dfspIdentifier: string;
}

class TransferPartAnswer {
  @IsString()
  @Length(1, TEXT_LENGTH_MAX)
  account: string;

  @IsAmount()
  amount: string;

  @IsOptional()
  @IsObject()
  memo?: Record<string, unknown>;
}

/** A ledger's transfer (contract 3.3). */
export class TransferAnswer {
  @IsString()
  @Length(1, TEXT_LENGTH_MAX)
  id: string;

  @IsArray()
  @ArrayMaxSize(PARTS_MAX)
  @ValidateNested({ each: true })
  @Type(() => TransferPartAnswer)
  debits: TransferPartAnswer[];

  @IsArray()
  @ArrayMaxSize(PARTS_MAX)
  @ValidateNested({ each: true })
  @Type(() => TransferPartAnswer)
  credits: TransferPartAnswer[];

  @IsOptional()
  @IsString()
  @MaxLength(TEXT_LENGTH_MAX)
  execution_condition?: string;

  @IsOptional()
  @IsISO8601()
  expires_at?: string;

  @IsOptional()
  @IsIn(['proposed', 'prepared', 'executed', 'rejected', 'settled'])
  state?: string;
}

/** A ledger's account (contract 3.1). */
export class AccountAnswer {
  @IsOptional()
  @IsString()
  @Length(1, TEXT_LENGTH_MAX)
  name?: string;

  @IsOptional()
  @Matches(/^-?\d{1,24}(\.\d{1,24})?$/)
  balance?: string;

  @IsOptional()
  @IsBoolean()
  is_disabled?: boolean;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  accountType?: string;
}

/** What a ledger tells about itself (contract 3.1). */
export class LedgerMetadataAnswer {
  @IsString()
  @Length(1, 16)
  currency_code: string;

  @IsInt()
  @Min(0)
  @Max(64)
  scale: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(64)
  precision?: number;
}

/** A connector's offer (row 25). */
export class ConnectorQuoteAnswer {
  @IsString()
  @Length(1, TEXT_LENGTH_MAX)
  source_connector_account: string;

  @IsOptional()
  @IsAmount()
  source_amount?: string;

  @IsOptional()
  @IsAmount()
  destination_amount?: string;
}

/** What became of a payment (hop P.B and its like). */
export class PaymentResultAnswer {
  @IsString()
  @Length(1, 64)
  id: string;

  @IsIn(['pending', 'executed', 'rejected', 'expired'])
  status: string;
}
