import { PageLimit } from '@level-one/platform';
import { IsOptional, Matches } from 'class-validator';

/** Who did what. */
export class AuditEntryDto {
  /** @example "42" */
  id: string;
  /** @example "2026-11-29T12:00:00.000Z" */
  at: string;
  /** Name of the user; `(no user)` for refused sign-ins by other names. @example "anna" */
  who: string;
  /** @example "approve set-cap" */
  action: string;
  /** What it was done to. @example "dfsp1" */
  subject: string | null;
  /** What was asked for, without secrets. */
  detail: object;
  /** `done`, or why it was not. @example "done" */
  outcome: string;
}

/** A page of the audit log, the newest first. */
export class AuditPageDto {
  entries: AuditEntryDto[];
  /** `after` of the next page; null on the last one. @example null */
  next: string | null;
}

/** Query of `GET /api/audit`. */
export class AuditQueryDto {
  /** Maximum of entries in the answer, at most 200. @example "50" */
  @PageLimit(200)
  limit: string = '50';

  /** From `next` of the page before. @example "42" */
  @IsOptional()
  @Matches(/^\d{1,18}$/, { message: 'after must be from `next` of a page' })
  after?: string;
}
