import { PageLimit } from '@level-one/platform';
import { OmitType } from '@nestjs/swagger';
import { UUID } from '@level-one/transfer';
import { Type } from 'class-transformer';
import { IsArray, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { IsOneOf } from '../answer-checks.js';
import { IsTimestamp } from '../timestamp.decorator.js';
import { TransferDto } from './transfer.dto.js';

/** New end of a late transfer's grace. */
export class GraceRequestDto {
  /** Later than the present end. @example "2030-01-01T01:00:00.000Z" */
  @IsTimestamp()
  open_until: string;
}

/** Until when a transfer is open (ruling 39). */
export class GraceDto {
  /** URI. @example "http://127.0.0.1:3108/ledger/transfers/3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14" */
  id: string;

  /** @example "prepared" */
  @IsOneOf(['proposed', 'prepared', 'executed', 'rejected'])
  state: 'proposed' | 'prepared' | 'executed' | 'rejected';

  /** Never moves. @example "2030-01-01T00:00:00.000Z" */
  @IsTimestamp()
  expires_at: string;

  /** When the ledger ends the transfer, unless its creditor does before. @example "2030-01-01T00:10:00.000Z" */
  @IsTimestamp()
  open_until: string;
}

/** Part of the list of late transfers. */
export class LateTransfersQueryDto {
  /** Maximum of transfers in the page, 1 to 100. @example "100" */
  @PageLimit(100)
  limit: string = '100';

  /** Only transfers whose id is after this one, as in `next` of a page. */
  @IsOptional()
  @Matches(UUID, { message: 'after must be a UUID' })
  after?: string;
}

/** A transfer in its grace, without memos. */
export class LateTransferDto extends OmitType(TransferDto, ['additional_info', 'rejection_reason']) {
  /** @example "2030-01-01T00:10:00.000Z" */
  @IsTimestamp()
  open_until: string;
}

/** A page of the open transfers that credit an account and are past their expiry, in the order of their ids. */
export class LateTransfersDto {
  /** URI. @example "http://127.0.0.1:3108/ledger/accounts/dfsp1-testconnector" */
  account: string;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LateTransferDto)
  transfers: LateTransferDto[];

  /** URL of the next page; null on the last page. */
  @IsOptional()
  @IsString()
  next: string | null;
}

/** Part of a list of lapsed transfers. */
export class LapsedTransfersQueryDto {
  /** Maximum of transfers in the page, 1 to 100. @example "100" */
  @PageLimit(100)
  limit: string = '100';

  /** Only transfers that ended before the one with this id, as in `next` of a page. */
  @IsOptional()
  @Matches(UUID, { message: 'before must be a UUID' })
  before?: string;
}

/** A transfer whose creditor neither fulfilled nor rejected it during its grace, without memos. */
export class LapsedTransferDto extends OmitType(TransferDto, ['additional_info']) {
  /** End of the grace. @example "2030-01-01T00:10:00.000Z" */
  open_until: string;
}

/** A page of transfers whose grace lapsed, newest first. */
export class LapsedTransfersDto {
  /** How many there are in all pages. @example 1 */
  count: number;

  transfers: LapsedTransferDto[];

  /** URL of the next page; null on the last page. */
  next: string | null;
}

/** A transfer id under which the ledger will never have a transfer (ruling 40). */
export class VoidDto {
  /** URI. @example "http://127.0.0.1:3108/ledger/transfers/7d1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c15" */
  id: string;

  /** @example "void" */
  state: 'void';
}
