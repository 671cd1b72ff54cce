import { PageLimit, type RoleName, ROLES } from '@level-one/platform';
import { IsTimestamp } from '@level-one/peers';
import { OPEN_CURSOR } from '@level-one/work';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { MissingPartDto } from '../payments/payments.dto.js';

/** One role of the network, as it is now. */
export class RoleHealthDto {
  /** Null at the centre. @example "dfsp1" */
  dfsp: string | null;
  /** @example "dfsp-api" */
  role: string;
  url: string;
  docsUrl: string;
  /** `up`: ready to work. `notReady`: something it needs is not. `down`: it does not answer. @example "up" */
  health: 'up' | 'notReady' | 'down';
  /** Why it is not ready, or what should be looked at although it is. @example null */
  message: string | null;
  /** Version that its newest span names; null without spans. @example "0.1.0" */
  version: string | null;
  /** Instances that sent spans in the last ten minutes; null without spans. @example 1 */
  instances: number | null;
}

export class RoleHealthsDto {
  roles: RoleHealthDto[];
}

/** Rows of one kind in one open state, at one role. */
export class RoleOpenDto {
  /** Null at the centre. @example "dfsp1" */
  dfsp: string | null;
  /** @example "dfsp-api" */
  role: string;
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
  ends: string;
  atMost: string;
}

/** A row that should have ended. */
export class OverdueRowDto {
  kind: string;
  state: string;
  /** Of a payment, a transfer and what belongs to one it is the paymentId. */
  id: string;
  since: string;
  ageS: number;
  due: string | null;
}

/** What of one kind should have ended at a role, the oldest first. */
export class OverduePageDto {
  entries: OverdueRowDto[];
  /** `after` of the next page; null on the last one. */
  next: string | null;
}

/** Query of `GET /api/open/overdue`. */
export class OverdueQueryDto {
  /** DFSP of the role; the centre if it is absent. @example "dfsp1" */
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,9}$/)
  dfsp?: string;

  /** @example "dfsp-api" */
  @IsIn(ROLES)
  role: RoleName;

  /** @example "payment" */
  @Matches(/^[a-z][a-z-]{0,39}$/)
  kind: string;

  /** Maximum of entries in the answer, at most 200. @example "50" */
  @PageLimit(200)
  limit: string = '50';

  /** From `next` of the page before. */
  @IsOptional()
  @Matches(OPEN_CURSOR, { message: 'after must be from `next` of a page' })
  after?: string;
}

/** What is open at all roles. */
export class NetworkOpenDto {
  open: RoleOpenDto[];
  missing: MissingPartDto[];
}

/** What could not be delivered, each entry with its DFSP and role. */
export class NetworkUndeliveredDto {
  undelivered: object[];
  missing: MissingPartDto[];
}

/** Invariants of one ledger. */
export class LedgerInvariantsDto {
  /** Short name of the DFSP, or `centre`. @example "centre" */
  ledger: string;
  /** Whether all hold. @example true */
  isKept: boolean;
  /** Number of invariants that were checked. @example 12 */
  checked: number;
  /** Those that do not hold, with the rows that break them. */
  problems: string[];
}

export class NetworkInvariantsDto {
  ledgers: LedgerInvariantsDto[];
  missing: MissingPartDto[];
}

/** A DFSP that is registered at the directory. */
export class NetworkParticipantDto {
  /** @example "dfsp1" */
  name: string;
  /** Currency of its ledger; null if the console does not know its ledger. @example "USD" */
  currency: string | null;
  /** `active` or `suspended`. @example "active" */
  state: string;
  /** Null without a cap; absent if the central ledger does not answer, or has no such account. @example "50000.00" */
  netDebitCap?: string | null;
  /** Base URL of its SPSP server. */
  url: string;
}

export class NetworkParticipantsDto {
  participants: NetworkParticipantDto[];
}

/** Positions of the DFSPs at the central ledger. */
export class NetworkPositionsDto {
  positions: object[];
}

/** Settlement windows, the newest first. */
export class NetworkWindowsDto {
  windows: object[];
}

/** Query of `GET /api/windows`. */
export class WindowsQueryDto {
  /** Maximum of entries in the answer, at most 200. @example "50" */
  @PageLimit(200)
  limit: string = '50';

  /** Number of the last window of the page before. @example "7" */
  @IsOptional()
  @Matches(/^\d{1,18}$/, { message: 'before must be the number of a window' })
  before?: string;
}

/** Something that differs, or is not ended yet. */
export class DifferenceDto {
  /** Short name of the DFSP, or `centre`. @example "dfsp1" */
  place: string;
  /** @example "PaidByPayerOnly" */
  kind: string;
  what: string;
  cause: string | null;
  /** What to do. */
  todo: string | null;
  paymentId: string | null;
}

/** The last comparison of the records of the network. */
export class NetworkReconciliationDto {
  /** `none`: none was begun yet; `failed`: the console stopped in between, or the database did not answer. @example "done" */
  state: 'none' | 'running' | 'done' | 'failed';
  begunBy: string | null;
  begunAt: string | null;
  /** When it ended. */
  ranAt: string | null;
  /** Rows that were compared. @example 120 */
  compared: number | null;
  differences: DifferenceDto[];
  /** What is not ended yet. */
  open: DifferenceDto[];
  missing: MissingPartDto[];
}

/** Query of `GET /api/charts`. */
export class ChartsQueryDto {
  /** Default: one hour ago. @example "2026-11-29T11:00:00Z" */
  @IsOptional()
  @IsTimestamp()
  since?: string;
}

/** Payments in one part of time. */
export class RatePointDto {
  /** Beginning. @example "2026-11-29T12:00:00.000Z" */
  at: string;
  /** A second. @example 1.5 */
  payments: number;
}

/** Time that payments took, in ms. */
export class LatencyPointDto {
  at: string;
  /** Median. @example 45.5 */
  p50: number;
  /** @example 120.5 */
  p95: number;
}

/** How payments ended. */
export class StateCountDto {
  /** `accepted`, `refused`, or `failed`. @example "accepted" */
  state: string;
  /** @example 90 */
  count: number;
}

/** Series for charts, in parts of time of the same length. */
export class ChartsDto {
  since: string;
  /** Length of a part. @example 60 */
  bucketS: number;
  rate: RatePointDto[];
  latency: LatencyPointDto[];
  states: StateCountDto[];
  /** Each with `at` and the net position of each account by its name. */
  positions: object[];
}
