import { PageLimit } from '@level-one/platform';
import { IsTimestamp } from '@level-one/peers';
import { IsOptional, Matches } from 'class-validator';

/** What lists of all DFSPs are asked by: a part of time, a DFSP, and pages. */
export class NetworkListQueryDto {
  /** Only what was created at this time or later. @example "2026-01-01T00:00:00Z" */
  @IsOptional()
  @IsTimestamp()
  from?: string;

  /** Only what was created before this time. @example "2030-01-01T00:00:00Z" */
  @IsOptional()
  @IsTimestamp()
  to?: string;

  /** Only of this DFSP. @example "dfsp1" */
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,9}$/)
  dfsp?: string;

  /** Maximum of entries in the answer, at most 100. @example "50" */
  @PageLimit(100)
  limit: string = '50';

  /** From `next` of the page before. */
  @IsOptional()
  @Matches(/^[\w-]{1,8192}$/, { message: 'after must be from `next` of a page' })
  after?: string;
}
