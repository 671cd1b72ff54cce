import { IsOptional, Matches } from 'class-validator';
import { PositionDto } from '../positions/position.dto.js';

/** One run of the settlement. */
export class SettlementSummaryDto {
  /** @example "0d6f0f0e-8a53-4e6e-9c1f-1d6b1c1f6a2e" */
  id: string;

  /** @example "2026-11-21T04:00:00.000Z" */
  settled_at: string;

  /** How many transfers it covered. @example 2 */
  transfer_count: number;
}

/** A settlement with the amounts that the accounts pay or receive; an owner sees its own only. */
export class SettlementDto extends SettlementSummaryDto {
  positions: PositionDto[];
}

/** The settlement that the request made. */
export class NewSettlementDto extends SettlementDto {
  /** URIs of the transfers, the first 1000 of them; `GET /settlements/{id}/transfers` has all. */
  transfers: string[];
}

/** Which page. */
export class SettlementsQueryDto {
  /** Most settlements in the answer, 1 to 500. @example "100" */
  @IsOptional()
  @Matches(/^([1-9][0-9]?|[1-4][0-9]{2}|500)$/, { message: 'limit must be a number from 1 to 500' })
  limit: string = '100';
}

/** Which page. */
export class SettledTransfersQueryDto {
  /** Most transfers in the answer, 1 to 1000. @example "1000" */
  @IsOptional()
  @Matches(/^([1-9][0-9]{0,2}|1000)$/, { message: 'limit must be a number from 1 to 1000' })
  limit: string = '1000';

  /** Taken from `next` of the page before. @example "0" */
  @IsOptional()
  @Matches(/^[0-9]{1,18}$/, { message: 'after must be taken from the page before' })
  after: string = '0';
}

/** A page of the transfers of a settlement, in the order of their execution. */
export class SettledTransfersDto {
  /** URIs. */
  transfers: string[];

  /** URL of the next page; null when there is none. */
  next: string | null;
}
