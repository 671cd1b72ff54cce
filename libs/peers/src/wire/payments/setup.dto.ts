import { IsOptional, IsString, IsUrl, Length, Matches, MaxLength } from 'class-validator';
import { HTTP_URL, IsAmount, UUID } from '@level-one/platform';
import { ApiPaymentData, IsMemo } from './memo.js';

const URL_LENGTH_MAX = 1_024;

/** Start of a payment (hops S.A, S.B). */
export class SetupRequestDto {
  /** Receiver or invoice URL. @example "http://127.0.0.1:3203/v1/receivers/26547070" */
  @IsUrl(HTTP_URL)
  @MaxLength(URL_LENGTH_MAX)
  receiver: string;

  /** Account URI, or name, of the payer. @example "http://127.0.0.1:3106/ilp/ledger/v1/accounts/alice" */
  @IsString()
  @Length(1, URL_LENGTH_MAX)
  sourceAccount: string;

  /** The payer's number. @example "78956562" */
  @IsString()
  @Length(1, 32)
  sourceIdentifier: string;

  /** Mandatory for a payee, the invoice's own for an invoice. @example "10.40" */
  @IsOptional()
  @IsAmount()
  destinationAmount?: string;

  /** Text or object for the payee. @example "Lunch" */
  @IsOptional()
  @IsMemo()
  memo?: string | Record<string, unknown>;

  /** Chosen by the caller, so that a repeated setup is the same payment. @example "b9c4ceba-51e4-4a80-b1a7-2972383e98af" */
  @IsOptional()
  @Matches(UUID, { message: 'paymentId must be a UUID' })
  paymentId?: string;
}

/** What the payer needs to pay (contract 2.0); both spellings of condition and address are sent (D6). */
export class SetupResponseDto {
  /** @example "b9c4ceba-51e4-4a80-b1a7-2972383e98af" */
  id: string;
  /** @example "Bob Diaz" */
  name: string;
  /** @example "http://127.0.0.1:3203/v1/receivers/26547070" */
  receiver: string;
  /** @example "http://127.0.0.1:3206/ilp/ledger/v1/accounts/bob" */
  destinationAccount: string;
  /** ILP address with the payment's token. @example "levelone.dfsp2.bob.kPzzYfWPmWJZ0l8w" */
  address: string;
  /** @example "10.40" */
  destinationAmount: string;
  /** @example "10.40" */
  sourceAmount: string;
  /** @example "http://127.0.0.1:3106/ilp/ledger/v1/accounts/alice" */
  sourceAccount: string;
  /** @example "2030-01-01T00:01:00.000Z" */
  expiresAt: string;
  @ApiPaymentData('senderIdentifier')
  data: { senderIdentifier: string; memo?: string | Record<string, unknown> };
  /** ILP packet, base64url. */
  additionalHeaders: string;
  /** @example "ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32" */
  execution_condition: string;
  /** @example "ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32" */
  condition: string;
}

/** What the payer's SPSP client asks the payee's SPSP server (hop S.C). */
export class ReceiverSetupRequestDto {
  /** @example "http://127.0.0.1:3203/v1/receivers/26547070" */
  @IsUrl(HTTP_URL)
  @MaxLength(URL_LENGTH_MAX)
  receiver: string;

  /** Only for a payee. @example "10.40" */
  @IsOptional()
  @IsAmount()
  amount?: string;

  /** The payer's number. @example "78956562" */
  @IsString()
  @Length(1, 32)
  senderIdentifier: string;

  /** @example "Lunch" */
  @IsOptional()
  @IsMemo()
  memo?: string | Record<string, unknown>;

  /** @example "b9c4ceba-51e4-4a80-b1a7-2972383e98af" */
  @Matches(UUID, { message: 'paymentId must be a UUID' })
  paymentId: string;
}

/** Answer to hop S.C: the members of the 2016 SPSP reply beside those of a SetupResponse. */
export class IprReplyDto {
  /** @example "b9c4ceba-51e4-4a80-b1a7-2972383e98af" */
  id: string;
  /** @example "Bob Diaz" */
  name: string;
  /** @example "http://127.0.0.1:3203/v1/receivers/26547070" */
  receiver: string;
  /** @example "http://127.0.0.1:3206/ilp/ledger/v1/accounts/bob" */
  destinationAccount: string;
  /** @example "levelone.dfsp2.bob.kPzzYfWPmWJZ0l8w" */
  address: string;
  /** @example "10.40" */
  amount: string;
  /** @example "10.40" */
  destinationAmount: string;
  /** @example "2030-01-01T00:01:00.000Z" */
  expires_at: string;
  /** @example "2030-01-01T00:01:00.000Z" */
  expiresAt: string;
  @ApiPaymentData('sender_identifier', 'senderIdentifier')
  data: { sender_identifier: string; senderIdentifier: string; memo?: string | Record<string, unknown> };
  /** ILP packet, base64url. */
  additional_headers: string;
  /** ILP packet, base64url. */
  additionalHeaders: string;
  condition: string;
  execution_condition: string;
}

/** What the payee's DFSP is asked (hops S.D, S.E). */
export class ApprovalRequestDto {
  /** One of invoiceId and identifier. @example "8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  invoiceId?: string;

  /** The payee's number. @example "26547070" */
  @IsOptional()
  @IsString()
  @Length(1, 32)
  identifier?: string;

  /** The payer's number. @example "78956562" */
  @IsString()
  @Length(1, 32)
  senderIdentifier: string;

  /** Only for a payee. @example "10.40" */
  @IsOptional()
  @IsAmount()
  amount?: string;

  /** @example "Lunch" */
  @IsOptional()
  @IsMemo()
  memo?: string | Record<string, unknown>;

  /** @example "6e2d9f40-1b7c-4e35-a8d2-c94f0b53e781" */
  @Matches(UUID, { message: 'paymentId must be a UUID' })
  paymentId: string;
}

/** Bodies of hops S.D and S.E, for Swagger. */
export const APPROVAL_EXAMPLES = {
  'of an invoice': {
    value: {
      invoiceId: '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10',
      senderIdentifier: '78956562',
      memo: 'Lunch',
      paymentId: '6e2d9f40-1b7c-4e35-a8d2-c94f0b53e781',
    },
  },
  'to a number': {
    value: {
      identifier: '26547070',
      senderIdentifier: '78956562',
      amount: '10.40',
      memo: 'Lunch',
      paymentId: 'b9c4ceba-51e4-4a80-b1a7-2972383e98af',
    },
  },
};

/** The payee's DFSP would take this payment (contract row 21). */
export class SetupApprovalDto {
  /** The paymentId. @example "6e2d9f40-1b7c-4e35-a8d2-c94f0b53e781" */
  id: string;
  /** @example "Bob Diaz" */
  name: string;
  /** Ledger account URI. @example "http://127.0.0.1:3206/ilp/ledger/v1/accounts/bob" */
  destinationAccount: string;
  /** @example "USD" */
  currencyCode: string;
  /** @example "$" */
  currencySymbol: string;
  /** @example "10.40" */
  destinationAmount: string;
  /** @example "2030-01-01T00:01:00.000Z" */
  expiresAt: string;
  data: { senderIdentifier: string };
  /** @example "proposed" */
  status: 'proposed';
}
