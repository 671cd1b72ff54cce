import { PageLimit } from '@level-one/platform';
import { UUID } from '@level-one/transfer';
import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { IsOneOf, IsText, IsTextOrEmpty } from '../answer-checks.js';

const STATEMENT_LENGTH_MAX = 8_192;
const FULFILLMENT_LENGTH_MAX = 1_024;
const CLAIM_STATES = ['waiting', 'approved', 'booked', 'refused'] as const;

/** What a creditor claims who could not present a fulfillment in time. */
export class ClaimRequestDto {
  /** At most that of the transfer. @example "10.40" */
  @IsNotEmpty()
  amount: string;

  /** @example "oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f" */
  @IsString()
  @MaxLength(FULFILLMENT_LENGTH_MAX)
  fulfillment: string;

  /** `signature` of the statement of the following ledger about its transfer. */
  @IsString()
  @MaxLength(STATEMENT_LENGTH_MAX)
  statement: string;
}

/** Why a claim is refused. */
export class ClaimRefusalDto {
  /** @example "The payee gave the money back" */
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_024)
  reason: string;
}

/** Part of the list of claims. */
export class ClaimsQueryDto {
  /** `open`: those that are neither booked nor refused. @example "open" */
  @IsOptional()
  @IsIn(['open', 'all'])
  state: 'open' | 'all' = 'open';

  /** Maximum of claims in the page, 1 to 100. @example "100" */
  @PageLimit(100)
  limit: string = '100';

  /** Only claims after the one of this transfer, as in `next` of a page. */
  @IsOptional()
  @Matches(UUID, { message: 'after must be a UUID' })
  after?: string;
}

/** A claim of a transfer (ruling 39). */
export class ClaimDto {
  /** URI of the transfer. @example "http://127.0.0.1:3108/ledger/transfers/3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14" */
  @IsText()
  transfer: string;

  /** URI of the account that claims. @example "http://127.0.0.1:3108/ledger/accounts/dfsp1-testconnector" */
  @IsText()
  account: string;

  /** @example "10.40" */
  @IsText()
  amount: string;

  /**
   * `waiting` for two administrators, `approved` and not yet paid, `booked`, or `refused`.
   * @example "waiting"
   */
  @IsOneOf(CLAIM_STATES)
  state: 'waiting' | 'approved' | 'booked' | 'refused';

  /** Whether the ledger's own downtime explains the claim, so that nobody has to approve it. @example false */
  automatic: boolean;

  /** Names of the administrators who approved it. @example [] */
  approved_by: string[];

  /** @example "2026-11-29T08:10:00.000Z" */
  claimed_at: string;
  approved_at?: string;
  booked_at?: string;

  /** URI of the transfer that paid it. */
  booking?: string;
  refused_at?: string;
  refused_by?: string;

  /** Why it was refused. */
  reason?: string;
}

/** A page of claims, oldest first. */
export class ClaimsDto {
  claims: ClaimDto[];

  /** URL of the next page; null on the last page. */
  next: string | null;
}

/** What a ledger says about a transfer, in words and signed. */
export class TransferStatementDto {
  /** Base URI of the ledger. @example "http://127.0.0.1:3108/ledger" */
  ledger: string;

  /** URI. @example "http://127.0.0.1:3108/ledger/transfers/3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14" */
  id: string;

  /** @example "10.40" */
  amount: string;

  /** @example "USD" */
  currency: string;

  /** @example "executed" */
  @IsOneOf(['proposed', 'prepared', 'executed', 'rejected'])
  state: 'proposed' | 'prepared' | 'executed' | 'rejected';
  execution_condition?: string;

  /** SHA-256 of the preimage that executed it, base64url. */
  fulfillment_hash?: string;
  expires_at?: string;

  /** Until when it was open. */
  open_until?: string;
  executed_at?: string;

  /** The members above, signed by the ledger: a JSON Web Signature in compact form (RFC 7515, EdDSA). */
  @IsTextOrEmpty(STATEMENT_LENGTH_MAX)
  signature: string;
}

/** The key by which a ledger signs. */
export class LedgerKeyDto {
  /** @example "Ed25519" */
  algorithm: 'Ed25519';

  /** 32 bytes, base64url. @example "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" */
  public_key: string;
}
