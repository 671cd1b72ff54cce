import { PageLimit } from '@level-one/platform';
import { IsIn, IsObject, IsOptional, IsUUID } from 'class-validator';

export const CHANGE_KINDS = [
  'close-window',
  'settle-window',
  'set-cap',
  'suspend-participant',
  'resume-participant',
  'resend',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** A proposed change. */
export class ProposeChangeDto {
  /** @example "set-cap" */
  @IsIn(CHANGE_KINDS, { message: `kind must be one of ${CHANGE_KINDS.join(', ')}` })
  kind: ChangeKind;

  /**
   * `close-window`, `settle-window`: `{ windowId }`. `set-cap`: `{ account, netDebitCap }`, null for none.
   * `suspend-participant`: `{ name, reason }`. `resume-participant`: `{ name }`. `resend`: `{ dfsp, role, id }`.
   * @example { "account": "dfsp1", "netDebitCap": "500.00" }
   */
  @IsObject()
  parameters: Record<string, unknown>;
}

/** A change that one person proposed, and another one decides on. */
export class ChangeDto {
  /** @example "5b1d8c3e-2f64-4b8a-9c0d-7e5a1f3b6d92" */
  id: string;
  /** @example "set-cap" */
  kind: string;
  /** What was proposed, with what it changes as it was then. */
  parameters: object;
  /** `approved`: it is being carried out; `rejected` also if nobody decided in seven days. @example "proposed" */
  state: 'proposed' | 'approved' | 'done' | 'failed' | 'rejected';
  /** @example "olaf" */
  proposedBy: string;
  proposedAt: string;
  /** @example null */
  decidedBy: string | null;
  decidedAt: string | null;
  /** `done`, or why it failed. @example null */
  outcome: string | null;
  endedAt: string | null;
}

/** A page of changes, the newest first. */
export class ChangesDto {
  changes: ChangeDto[];
  /** `after` of the next page; null on the last one. @example null */
  next: string | null;
}

/** Query of `GET /api/changes`. */
export class ChangesQueryDto {
  /** Maximum of entries in the answer, at most 200. @example "50" */
  @PageLimit(200)
  limit: string = '50';

  /** From `next` of the page before. @example "5b1d8c3e-2f64-4b8a-9c0d-7e5a1f3b6d92" */
  @IsOptional()
  @IsUUID(undefined, { message: 'after must be from `next` of a page' })
  after?: string;
}
