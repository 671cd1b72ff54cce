import type { PaymentStatus } from '../payments/payment.dto.js';
import type { QuotedPaymentData } from './quote.dto.js';

/** Makes a payment request (contract 3.8); the SPSP server checks its members itself. */
export class CreateIprDto {
  /** @example "3c7b4a9e-52d1-4f0b-8a36-e1d9c0f7b264" */
  paymentId: string;
  /** @example "http://127.0.0.1:3206/ilp/ledger/v1/accounts/frank" */
  destinationAccount: string;
  /** @example "10" */
  destinationAmount: string;
  /** @example "2030-01-01T00:10:00.000Z" */
  expiresAt: string;
  /** Travels in the request, and is told when it is paid. */
  data?: QuotedPaymentData;
}

export class IprDto {
  /** Interledger payment request, base64url. */
  ipr: string;
}

/** What a payment request costs at the payer's ledger (contract 3.8). */
export class IprQuoteDto {
  /** @example "10.00" */
  sourceAmount: string;
  /** @example "http://127.0.0.1:3106/ilp/ledger/v1/accounts/dfsp1-testconnector" */
  connectorAccount: string;
  /** Seconds. @example 10 */
  sourceExpiryDuration: number;
}

/** Pays a payment request (row 47); the SPSP client checks its members itself. */
export class PayIprDto {
  /** That of the request, where it is given. @example "110ec58a-a0f2-4ac4-8393-c866d813b8d1" */
  paymentId?: string;
  /** @example "the `ipr` of the quote" */
  ipr: string;
  /** @example "10" */
  sourceAmount: string;
  /** @example "http://127.0.0.1:3106/ilp/ledger/v1/accounts/erin" */
  sourceAccount: string;
  /** @example "http://127.0.0.1:3106/ilp/ledger/v1/accounts/dfsp1-testconnector" */
  connectorAccount: string;
  /** Seconds. @example 10 */
  sourceExpiryDuration: number;
}

/** What became of a payment request (row 47). */
export class PaidIprDto {
  /** @example "110ec58a-a0f2-4ac4-8393-c866d813b8d1" */
  paymentId: string;
  connectorAccount: string;
  /** @example "executed" */
  status: PaymentStatus;
  /** Why it was rejected. */
  rejectionMessage?: Record<string, unknown>;
  fulfillment?: string;
}

/** Where an account is in the interledger; both spellings of old are sent (contract 3.8). */
export class IlpAddressDto {
  /** @example "levelone.dfsp1.alice" */
  address: string;
  /** @example "levelone.dfsp1.alice" */
  ilpAddress: string;
}
