import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { IsAmount, UUID } from '@level-one/platform';
import { TransferType } from '@level-one/quote';

/** Types that a channel may ask for; invoices are quoted when they are shown, bulk payments row by row. */
const CHANNEL_TYPES = [TransferType.P2p, TransferType.CashIn, TransferType.CashOut] as const;

/** Body of `POST /quote`: asks what a payment costs. */
export class QuoteOrderDto {
  /** Chosen at random when absent; the same order with the same id gets the same quote. @example "6b0f8d6e-2f9c-4d11-9d5a-83a1c7e2f045" */
  @IsOptional()
  @Matches(UUID, { message: 'paymentId must be a UUID' })
  paymentId?: string;

  /** @example "10" */
  @IsAmount()
  amount: string;

  /** ISO 4217 alpha-3. Default: with SEND the payer's, with RECEIVE the payee's. @example "USD" */
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

  /** RECEIVE, the default: the payee receives the amount. SEND: the payer is debited the amount. @example "RECEIVE" */
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
  /** Name of the payee. @example "Bob Diaz" */
  name: string;
  /** Debited amount without the fee, in `currency`. @example "10" */
  amount: string;
  /** Fee of the payer, in `currency`. @example "0" */
  fee: string;
  /** Commission of the payer's agent, in `currency`. @example "0" */
  commission: string;
  /** Amount and fee that the payer is debited, in `currency`. @example "10" */
  total: string;
  /** Currency of the payer's ledger. @example "USD" */
  currency: string;
  /** Amount that the payee keeps after their fee, in `receiveCurrency`. @example "10" */
  receiveAmount: string;
  /** Fee of the payee, in `receiveCurrency`. @example "0" */
  payeeFee: string;
  /** Currency of the payee's ledger. @example "USD" */
  receiveCurrency: string;
  /** @example "2030-01-01T00:10:00.000Z" */
  expiresAt: string;
}
