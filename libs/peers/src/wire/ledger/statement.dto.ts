import { PageLimit } from '@level-one/platform';
import { IsOptional, Matches } from 'class-validator';
import { IsTimestamp } from '../timestamp.decorator.js';

/** Part of a statement. */
export class StatementQueryDto {
  /** Maximum of entries in the page, 1 to 500. @example "100" */
  @PageLimit(500)
  limit: string = '100';

  /** Only entries before the entry with this id, as in `next` of a page. */
  @IsOptional()
  @Matches(/^\d{1,18}$/, { message: 'before must be the id of an entry' })
  before?: string;

  /** Only entries booked after this time. @example "2026-01-01T00:00:00.000Z" */
  @IsOptional()
  @IsTimestamp()
  from?: string;

  /** Only entries booked at or before this time. */
  @IsOptional()
  @IsTimestamp()
  to?: string;
}

/** One line of a statement. */
export class StatementEntryDto {
  /** Number of the entry in the ledger. @example "42" */
  id: string;

  /** URI. @example "http://127.0.0.1:3108/ledger/transfers/3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14" */
  transfer: string;

  /** URI of the account on the other side. @example "http://127.0.0.1:3108/ledger/accounts/dfsp1-testconnector" */
  counterparty: string;

  /** Why it was booked. @example "transfer" */
  kind: 'transfer' | 'fee' | 'commission' | 'issuance' | 'settlement';

  /** Negative for a debit. @example "-10.40" */
  amount: string;

  /** Balance of the account after this entry. @example "989.60" */
  balance: string;

  /** @example "2026-11-21T04:00:00.000Z" */
  booked_at: string;
}

/** A page of an account's statement, newest entries first. */
export class StatementDto {
  /** URI. @example "http://127.0.0.1:3108/ledger/accounts/alice" */
  account: string;
  entries: StatementEntryDto[];

  /** URL of the next page; null on the last page. */
  next: string | null;
}

/** Time of a balance. */
export class BalanceQueryDto {
  /** Default: now. @example "2026-11-21T04:00:00.000Z" */
  @IsOptional()
  @IsTimestamp()
  at?: string;
}

/** Balance of an account at a time. */
export class BalanceDto {
  /** URI. @example "http://127.0.0.1:3108/ledger/accounts/alice" */
  account: string;

  /** @example "2026-11-21T04:00:00.000Z" */
  at: string;

  /** Balance without holds. @example "1000.00" */
  balance: string;
}
