import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { IsAmount, UUID } from '@level-one/platform';
import { TransferType } from '@level-one/quote';

/** What a payer may ask for; invoices are quoted when they are looked at, bulk payments by their list. */
const CHANNEL_TYPES = [TransferType.P2p, TransferType.CashIn, TransferType.CashOut] as const;

/** `POST /quote`: what would a payment cost? */
export class QuoteOrderDto {
  /** Made up when absent; the same order with the same id gets the same quote. @example "6b0f8d6e-2f9c-4d11-9d5a-83a1c7e2f045" */
  @IsOptional()
  @Matches(UUID, { message: 'paymentId must be a UUID' })
  paymentId?: string;

  /** @example "10" */
  @IsAmount()
  amount: string;

  /** ISO-4217; with SEND the payer's by default, with RECEIVE the payee's. @example "USD" */
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters' })
  currency?: string;

  /** Number of the payee. @example "26547070" */
  @IsString()
  @Length(1, 32)
  destinationIdentifier: string;

  /** The payer's account: name, URI or label. @example "alice" */
  @IsString({ message: 'AccountMissingError' })
  @Length(1, 1_024)
  sourceAccount: string;

  /** Number of the client who pays. @example "78956562" */
  @IsString({ message: 'IdentifierMissingError' })
  @Length(1, 32)
  sourceIdentifier: string;

  /** SEND: this much leaves; RECEIVE, the default: this much arrives. @example "RECEIVE" */
  @IsOptional()
  @IsString()
  @Length(1, 32)
  amountType?: string;

  /** @example "p2p" */
  @IsOptional()
  @IsIn(CHANNEL_TYPES)
  transferType?: (typeof CHANNEL_TYPES)[number];
}

/** What a payment costs; amounts in their shortest form. */
export class QuotedDto {
  /** @example "6b0f8d6e-2f9c-4d11-9d5a-83a1c7e2f045" */
  paymentId: string;
  /** Who is paid. @example "Bob Diaz" */
  name: string;
  /** What leaves the payer's account beside the fee, in `currency`. @example "10" */
  amount: string;
  /** What the payer is charged on top, in `currency`. @example "0" */
  fee: string;
  /** What the payer's DFSP gives its agent, in `currency`. @example "0" */
  commission: string;
  /** What the payer is debited in all, in `currency`. @example "10" */
  total: string;
  /** Of the payer's ledger. @example "USD" */
  currency: string;
  /** What stays with the payee, in `receiveCurrency`. @example "10" */
  receiveAmount: string;
  /** Tariff of the payee's DFSP, in `receiveCurrency`. @example "0" */
  payeeFee: string;
  /** Of the payee's ledger. @example "USD" */
  receiveCurrency: string;
  /** @example "2030-01-01T00:10:00.000Z" */
  expiresAt: string;
}
