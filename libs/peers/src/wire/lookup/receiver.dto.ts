import { IsOptional } from 'class-validator';
import { IsCurrencyCode, IsText, IsTextOrEmpty, IsWholeNumber } from '../answer-checks.js';

/** Who would receive a payment (contract 2.0). */
export class ReceiverDto {
  /** @example "payee" */
  type: 'payee';
  /** @example "Alice Ames" */
  @IsText()
  name: string;
  /** ILP address or ledger account URI. @example "http://127.0.0.1:3106/ilp/ledger/v1/accounts/alice" */
  @IsText()
  account: string;
  /** @example "USD" */
  @IsOptional()
  @IsCurrencyCode()
  currencyCode: string;
  /** @example "$" */
  @IsOptional()
  @IsTextOrEmpty(16)
  currencySymbol: string;
  /** Decimals of one minor unit on the receiver's ledger. @example 2 */
  @IsOptional()
  @IsWholeNumber(0, 18)
  currencyScale?: number;
  /** @example "https://images.example/alice.png" */
  @IsOptional()
  @IsTextOrEmpty()
  imageUrl: string;
  /** @example "Alice" */
  @IsOptional()
  @IsTextOrEmpty()
  firstName?: string;
  /** @example "Ames" */
  @IsOptional()
  @IsTextOrEmpty()
  lastName?: string;
  /** Added by the backend: where payments to this receiver are told. */
  paymentsUrl?: string;
}
