import { IsOptional, Matches } from 'class-validator';

/** Which part of the event log. */
export class DigestQueryDto {
  /** Number of the last event; by default of the newest one. @example "0" */
  @IsOptional()
  @Matches(/^\d{1,18}$/, { message: 'upto must be the number of an event' })
  upto?: string;
}

/** Digest of a ledger's event log, signed. */
export class DigestDto {
  /** Base URI of the ledger. @example "http://127.0.0.1:3108/ledger" */
  ledger: string;

  /** Number of the last event that it covers. @example "4217" */
  upto: string;

  /** SHA-256, hexadecimal; empty before the first event. @example "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" */
  digest: string;

  /** Number of the newest event. @example "4217" */
  last: string;

  /** `ledger`, `upto` and `digest`, signed by the ledger: a JSON Web Signature in compact form (RFC 7515, EdDSA). */
  signature: string;
}
