import { IsOptional } from 'class-validator';
import { IsText, IsWholeNumber } from '../answer-checks.js';

/** A connector that has an account on this ledger. */
export class ConnectorDto {
  /** URI of the account. @example "http://127.0.0.1:3108/ledger/accounts/dfsp1-testconnector" */
  id: string;

  /** @example "dfsp1-testconnector" */
  name: string;

  /** ILP address or URL of the connector. @example "levelone.dfsp1.dfsp1-testconnector" */
  connector: string;
}

/** Full URLs of the ledger's routes; `:id` and `:name` are placeholders for a transfer's id and an account's name. */
export class LedgerUrlsDto {
  health: string;
  transfer: string;
  transfer_fulfillment: string;
  transfer_rejection: string;
  transfer_state: string;
  accounts: string;
  account: string;
  auth_token: string;
  websocket: string;
  message: string;
}

/** Metadata of a ledger (contract 3.1). */
export class LedgerMetadataDto {
  /** @example "USD" */
  @IsText(16)
  currency_code: string;

  /** @example "$" */
  currency_symbol: string;

  /** @example "http://127.0.0.1:3108/ledger" */
  ledger: string;

  /** @example "levelone.dfsp1." */
  ilp_prefix?: string;
  connectors: ConnectorDto[];

  /** Maximum of digits of an amount. @example 10 */
  @IsOptional()
  @IsWholeNumber(1, 64)
  precision: number;

  /** Decimals of an amount. @example 2 */
  @IsWholeNumber(0, 64)
  scale: number;
  urls: LedgerUrlsDto;
}

/** A bearer token. */
export class TokenDto {
  /** For `Authorization: Bearer` and for `?token=` of the websocket. */
  token: string;

  /** Milliseconds. @example 604800000 */
  token_max_age: number;
}
