import { IsISO8601, IsOptional, Matches } from 'class-validator';
import { TIMESTAMP } from '@level-one/transfer';

const TIME_MESSAGE = { message: '$property must be an ISO 8601 time with a time zone' };

/** Which part of a statement. */
export class StatementQueryDto {
  /** Most entries of the page, 1 to 500. @example "100" */
  @IsOptional()
  @Matches(/^([1-9][0-9]?|[1-4][0-9]{2}|500)$/, { message: 'limit must be a number from 1 to 500' })
  limit: string = '100';

  /** Only entries before this one; `next` of a page leads on by it. */
  @IsOptional()
  @Matches(/^\d{1,18}$/, { message: 'before must be the id of an entry' })
  before?: string;

  /** Only entries booked later than this. @example "2026-01-01T00:00:00.000Z" */
  @IsOptional()
  @IsISO8601({ strict: true }, TIME_MESSAGE)
  @Matches(TIMESTAMP, TIME_MESSAGE)
  from?: string;

  /** Only entries booked up to this. */
  @IsOptional()
  @IsISO8601({ strict: true }, TIME_MESSAGE)
  @Matches(TIMESTAMP, TIME_MESSAGE)
  to?: string;
}

/** One line of a statement. */
export class StatementEntryDto {
  /** Place in the ledger's book. @example "42" */
  id: string;

  /** URI. @example "http://127.0.0.1:3108/ledger/transfers/3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14" */
  transfer: string;

  /** URI of the account on the other side. @example "http://127.0.0.1:3108/ledger/accounts/dfsp1-testconnector" */
  counterparty: string;

  /** What it was booked for. @example "transfer" */
  kind: 'transfer' | 'fee' | 'commission' | 'issuance';

  /** Negative for what left the account. @example "-10.40" */
  amount: string;

  /** Booked on the account after this entry. @example "989.60" */
  balance: string;

  /** @example "2026-11-21T04:00:00.000Z" */
  booked_at: string;
}

/** A page of an account's statement, the newest entry first. */
export class StatementDto {
  /** URI. @example "http://127.0.0.1:3108/ledger/accounts/alice" */
  account: string;
  entries: StatementEntryDto[];

  /** URL of the next page; null when there is none. */
  next: string | null;
}

/** When. */
export class BalanceQueryDto {
  /** Now, if it is not given. @example "2026-11-21T04:00:00.000Z" */
  @IsOptional()
  @IsISO8601({ strict: true }, TIME_MESSAGE)
  @Matches(TIMESTAMP, TIME_MESSAGE)
  at?: string;
}

/** What was booked on an account at a time. */
export class BalanceDto {
  /** URI. @example "http://127.0.0.1:3108/ledger/accounts/alice" */
  account: string;

  /** @example "2026-11-21T04:00:00.000Z" */
  at: string;

  /** Without regard to holds. @example "1000.00" */
  balance: string;
}
