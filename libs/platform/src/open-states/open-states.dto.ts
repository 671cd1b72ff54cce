import { IsIn, IsOptional, Matches } from 'class-validator';
import { OPEN_CURSOR } from '@level-one/work';
import { PageLimit } from '../input/page-limit.js';
import { StrictQuery } from '../input/validation.js';

/** Rows of one kind in one open state. */
export class OpenCountDto {
  /** @example "payment" */
  kind: string;
  /** @example "paying" */
  state: string;
  /** @example 3 */
  count: number;
  /** Those that should have ended. @example 0 */
  overdue: number;
  /** Age of the oldest, in seconds; null without rows. @example 12 */
  oldestAgeS: number | null;
  /** Who ends it. @example "the keeper of outgoing payments" */
  owner: string;
  /** How it ends. */
  ends: string;
  /** After how long at most. */
  atMost: string;
}

/** What is open in a role. */
export class OpenSummaryDto {
  open: OpenCountDto[];
}

/** A row that is open. */
export class OpenEntryDto {
  /** @example "payment" */
  kind: string;
  /** @example "paying" */
  state: string;
  /** Of a payment, a transfer and what belongs to one it is the paymentId. @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  id: string;
  /** @example "2030-01-01T00:00:00.000Z" */
  since: string;
  /** In seconds. @example 12 */
  ageS: number;
  /** When it should have ended; null while people, or another row, decide. @example "2030-01-01T00:01:00.000Z" */
  due: string | null;
  /** @example false */
  overdue: boolean;
  /** Who ends it. @example "the keeper of outgoing payments" */
  owner: string;
}

/** A page of rows that are open, the oldest first. */
export class OpenPageDto {
  entries: OpenEntryDto[];
  /** `after` of the next page; null on the last one. @example null */
  next: string | null;
}

/** Query of `GET /open/{kind}` */
@StrictQuery()
export class OpenQueryDto {
  /** `true`: only what should have ended. @example "true" */
  @IsOptional()
  @IsIn(['true', 'false'], { message: 'overdue must be true or false' })
  overdue?: string = 'false';

  /** Maximum of entries in the answer, at most 200. @example "50" */
  @PageLimit(200)
  limit: string = '50';

  /** Only entries after this one: from `next` of the page before. */
  @IsOptional()
  @Matches(OPEN_CURSOR, { message: 'after must be from `next` of a page' })
  after?: string;
}
