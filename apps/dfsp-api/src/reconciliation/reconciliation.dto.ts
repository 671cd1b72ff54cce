import { IsTimestamp } from '@level-one/peers';
import { IsOptional, Matches } from 'class-validator';
import { PageLimit, StrictQuery } from '@level-one/platform';
import { FindingKind } from './findings.js';

/** What of a DFSP is compared. */
export enum ReconciledPart {
  /** Payments made, with the own ledger. */
  Outgoing = 'outgoing',
  /** Payments got, with the own ledger. */
  Incoming = 'incoming',
  /** Invoices issued here, with the payments that pay them. */
  Invoices = 'invoices',
  /** Notifications of invoices, with the payments that pay them. */
  Notifications = 'notifications',
  /** Quotes, with their payments. */
  Quotes = 'quotes',
  /** Reservations of limits, with their payments. */
  Limits = 'limits',
  /** Counters of limits of the last two days, with the reservations that they count. */
  Counters = 'counters',
}

/** Which page. */
@StrictQuery()
export class ReconciliationQueryDto {
  /** Most rows that are compared, 1 to 500. @example "200" */
  @PageLimit(500)
  limit: string = '200';

  /** Only rows after this one: from `after` of the page before. */
  @IsOptional()
  @Matches(/^[^\p{Cc}]{1,1000}$/u, { message: 'after must be from the page before' })
  after?: string;

  /** Only what was created at this time or later. @example "2026-01-01T00:00:00Z" */
  @IsOptional()
  @IsTimestamp()
  from?: string;
}

/** Something that differs, or that has not ended yet. */
export class FindingDto {
  /** @example "PaymentWithoutTransfer" */
  kind: FindingKind;

  /** @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  paymentId?: string;

  /** Which row, if it is not a payment. @example "invoice 8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  subject?: string;

  /** What is kept here and what it was compared with. @example "payment executed, transfer expired" */
  found: string;

  /** Time since it was created. @example 12 */
  ageS: number;

  /** How it can have come about. */
  cause: string;

  /** What to do. */
  action: string;
}

/** What was found in a page. */
export class ReconciliationDto {
  /** How many rows were compared. @example 200 */
  compared: number;

  /** Two records contradict each other. */
  differences: FindingDto[];

  /** Not ended yet; nothing contradicts it. */
  open: FindingDto[];

  /** For the next page; null on the last one. @example null */
  after: string | null;
}
