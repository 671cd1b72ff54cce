import { PageLimit } from '@level-one/platform';
import { IsOptional, Matches } from 'class-validator';

/** Part of the list of downtimes. */
export class DowntimesQueryDto {
  /** Maximum of downtimes in the page, 1 to 100. @example "100" */
  @PageLimit(100)
  limit: string = '100';

  /** Only downtimes before the one with this id, as in `next` of a page. */
  @IsOptional()
  @Matches(/^\d{1,18}$/, { message: 'before must be the id of a downtime' })
  before?: string;
}

/** A time in which the ledger was down. */
export class DowntimeDto {
  /** @example "3" */
  id: string;

  /** The last heartbeat before it. @example "2026-11-29T08:00:00.000Z" */
  from: string;

  /** The first write after it. @example "2026-11-29T08:04:10.000Z" */
  until: string;

  /** How long it was. @example 250 */
  seconds: number;

  /** How many graces it extended. @example 2 */
  extended: number;
}

/** A page of the downtimes of a ledger, newest first. */
export class DowntimesDto {
  downtimes: DowntimeDto[];

  /** URL of the next page; null on the last page. */
  next: string | null;
}
